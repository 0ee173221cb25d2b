import type { ImageCompression, ScreenHost } from './screen-host.ts'

export interface HeadlessFiles extends Required<Pick<ScreenHost, 'readFile' | 'compressImage'>> {
  /** Puts a file on the phone, as a picker would; gives its temporary path. */
  addFile(bytes: Uint8Array, suffix?: string): string
}

export type CompressImage = (bytes: Uint8Array, to: ImageCompression) => Uint8Array

/** Without a screen nothing can be drawn: how a picture gets smaller is the test's to say. */
export function createHeadlessFiles(compressImage: CompressImage | undefined): HeadlessFiles {
  const files = new Map<string, Uint8Array>()
  const addFile = (bytes: Uint8Array, suffix = '.jpg'): string => {
    const path = `http://tmp/${files.size + 1}${suffix}`
    files.set(path, bytes)
    return path
  }
  return {
    addFile,
    readFile: (path) => files.get(path),
    async compressImage(path, to) {
      const bytes = files.get(path)
      if (!bytes || !compressImage) throw new Error('decode image fail')
      return addFile(compressImage(bytes, to))
    },
  }
}
