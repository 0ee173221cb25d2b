import type { ImageCompression } from '../screen-host.ts'
import { avatarQuality, redrawImage } from './redraw-image.ts'

/** Pictures that the user picked and copies of them; removed when the mini program is launched again. */
export interface TemporaryFiles {
  /** Opens the file picker; resolves with the path of the picture, or undefined when cancelled. */
  pickPicture(): Promise<string | undefined>
  /** Stores a copy of the picture at `url` in the size of an avatar; resolves with its path. */
  addAvatar(url: string): Promise<string>
  /** Stores a compressed copy; resolves with its path. */
  compressImage(path: string, to: ImageCompression): Promise<string>
  /** The bytes of a file; undefined where it does not exist. */
  read(path: string): Uint8Array | undefined
  /** The URL that the browser can load for a path; undefined where it does not exist. */
  urlOf(path: string): string | undefined
  /** Removes all files. */
  clear(): void
}

const folder = 'http://tmp/'
/** Width and height of a WeChat avatar in pixels. */
const avatarSize = 132
const copyableUrl = /^data:image\/(png|jpeg|webp);base64,/
const suffixes: Record<string, string> = { png: '.png', jpeg: '.jpg', webp: '.webp' }

/** Creates the store of temporary files, in memory. */
export function createTemporaryFiles(document: Document): TemporaryFiles {
  const urls = new Map<string, string>()
  let count = 0

  const store = (url: string, name: string): string => {
    count += 1
    const path = `${folder}${count}-${name}`
    urls.set(path, url)
    return path
  }
  const storeImage = (url: string): string => {
    const [, type = ''] = copyableUrl.exec(url) ?? []
    return store(url, `${Date.now()}${suffixes[type] ?? ''}`)
  }

  return {
    async pickPicture() {
      const file = await pick(document)
      if (!file) return undefined
      const suffix = /\.\w+$/.exec(file.name)?.[0] ?? '.png'
      return store(await dataUrlOf(file), `${file.lastModified}${suffix.toLowerCase()}`)
    },
    async addAvatar(url) {
      const to = { width: avatarSize, height: avatarSize, quality: avatarQuality }
      return storeImage(copyableUrl.test(url) ? url : await redrawImage(document, url, to))
    },
    async compressImage(path, to) {
      return storeImage(await redrawImage(document, urls.get(path) ?? '', to))
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
  // In the document, so that a test can set its files.
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
