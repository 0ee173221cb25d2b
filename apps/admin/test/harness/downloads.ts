import { onTestFinished, vi } from 'vitest'

interface Download {
  readonly name: string
  readonly text: Promise<string>
}

/** Collects the files that the page downloads. */
export function collectDownloads(): Download[] {
  const downloads: Download[] = []
  const blobs = new Map<string, Blob>()
  URL.createObjectURL = (blob) => {
    const url = `blob:${blobs.size}`
    blobs.set(url, blob as Blob)
    return url
  }
  URL.revokeObjectURL = () => undefined
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    const blob = blobs.get(this.href)
    if (blob !== undefined) downloads.push({ name: this.download, text: textOf(blob) })
  })
  onTestFinished(() => click.mockRestore())
  return downloads
}

/** jsdom's Blob has no text(). */
const textOf = (blob: Blob) =>
  new Promise<string>((resolve) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.readAsText(blob)
  })
