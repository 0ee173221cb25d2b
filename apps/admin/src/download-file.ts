/** Saves a file through the browser's download function. */
export function downloadFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The click starts the download synchronously; the URL is not needed in the next task.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
