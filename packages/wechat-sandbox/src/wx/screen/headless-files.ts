import type { ImageCompression, ScreenHost } from './screen-host.ts'

/** The temporary files of a headless screen. */
export interface HeadlessFiles extends Required<Pick<ScreenHost, 'readFile' | 'compressImage'>> {
  /** Stores a file on the phone, as a picker does; returns its temporary path. */
  addFile(bytes: Uint8Array, suffix?: string): string
}

/** Returns the bytes of the compressed picture. */
export type CompressImage = (bytes: Uint8Array, to: ImageCompression) => Uint8Array

/** @param compressImage nothing can be drawn without a screen, so the test supplies the compression */
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
