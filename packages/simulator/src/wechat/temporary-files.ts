import type { ImageCompression } from '../screen-host.ts'
import { avatarQuality, redrawImage } from './redraw-image.ts'

/** Files that the person picked, and what was made of them; gone when the mini program is opened again. */
export interface TemporaryFiles {
  /** The path of a picture, or nothing when the person cancels. */
  pickPicture(): Promise<string | undefined>
  /** The path of a picture that is loaded from elsewhere, as an avatar of this size. */
  addAvatar(url: string): Promise<string>
  compressImage(path: string, to: ImageCompression): Promise<string>
  read(path: string): Uint8Array | undefined
  /** What a browser can load for such a path. */
  urlOf(path: string): string | undefined
  clear(): void
}

const folder = 'http://tmp/'
/** Pixels of an avatar of WeChat's. */
const avatarSize = 132
const ready = /^data:image\/(png|jpeg|webp);base64,/
const suffixes: Record<string, string> = { png: '.png', jpeg: '.jpg', webp: '.webp' }

export function createTemporaryFiles(document: Document): TemporaryFiles {
  const urls = new Map<string, string>()
  let made = 0

  const keep = (url: string, name: string): string => {
    made += 1
    const path = `${folder}${made}-${name}`
    urls.set(path, url)
    return path
  }
  const keepDrawn = (url: string): string => {
    const [, type = ''] = ready.exec(url) ?? []
    return keep(url, `${Date.now()}${suffixes[type] ?? ''}`)
  }

  return {
    async pickPicture() {
      const file = await pick(document)
      if (!file) return undefined
      const suffix = /\.\w+$/.exec(file.name)?.[0] ?? '.png'
      return keep(await dataUrlOf(file), `${file.lastModified}${suffix.toLowerCase()}`)
    },
    async addAvatar(url) {
      const to = { width: avatarSize, height: avatarSize, quality: avatarQuality }
      return keepDrawn(ready.test(url) ? url : await redrawImage(document, url, to))
    },
    async compressImage(path, to) {
      return keepDrawn(await redrawImage(document, urls.get(path) ?? '', to))
    },
    read(path) {
      const base64 = urls.get(path)?.split(';base64,')[1]
      return base64 === undefined
        ? undefined
        : Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    },
    urlOf: (path) => urls.get(path),
    clear: () => urls.clear(),
  }
}

function pick(document: Document): Promise<File | undefined> {
  const input = document.createElement('input')
  Object.assign(input, { type: 'file', accept: 'image/*', hidden: true })
  // In the document, so that a test can hand it a file.
  input.className = 'sim-picker'
  document.body.append(input)
  return new Promise<File | undefined>((resolve) => {
    input.addEventListener('cancel', () => resolve(undefined))
    input.addEventListener('change', () => resolve(input.files?.[0]))
    input.click()
  }).finally(() => input.remove())
}

function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onerror = () => reject(reader.error)
    reader.onload = () => resolve(String(reader.result))
    reader.readAsDataURL(file)
  })
}
