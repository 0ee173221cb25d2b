/** Files that the person picked; they live as long as the phone does. */
export interface TemporaryFiles {
  /** The path of a picture, or nothing when the person cancels. */
  pickPicture(): Promise<string | undefined>
  /** What a browser can load for such a path. */
  urlOf(path: string): string | undefined
}

const folder = 'http://tmp/'

export function createTemporaryFiles(document: Document): TemporaryFiles {
  const urls = new Map<string, string>()

  const keep = (file: File): Promise<string> =>
    new Promise((resolve, reject) => {
      const reader = new FileReader()
      reader.onerror = () => reject(reader.error)
      reader.onload = () => {
        const suffix = /\.\w+$/.exec(file.name)?.[0] ?? '.png'
        const path = `${folder}${urls.size + 1}-${file.lastModified}${suffix.toLowerCase()}`
        urls.set(path, String(reader.result))
        resolve(path)
      }
      reader.readAsDataURL(file)
    })

  return {
    pickPicture() {
      const input = document.createElement('input')
      Object.assign(input, { type: 'file', accept: 'image/*', hidden: true })
      // In the document, so that a test can hand it a file.
      input.className = 'sim-picker'
      document.body.append(input)
      return new Promise<string | undefined>((resolve, reject) => {
        input.addEventListener('cancel', () => resolve(undefined))
        input.addEventListener('change', () => {
          const file = input.files?.[0]
          if (file) keep(file).then(resolve, reject)
          else resolve(undefined)
        })
        input.click()
      }).finally(() => input.remove())
    },
    urlOf: (path) => urls.get(path),
  }
}
