import type { PictureSize, Stage } from './stage.ts'

export interface HeadlessFiles extends Required<Pick<Stage, 'readFile' | 'shrinkPicture'>> {
  /** Puts a file on the phone, as a picker would; gives its temporary path. */
  addFile(bytes: Uint8Array, suffix?: string): string
}

export type Shrink = (bytes: Uint8Array, to: PictureSize) => Uint8Array

/** Without a screen nothing can be drawn: how a picture gets smaller is the test's to say. */
export function createHeadlessFiles(shrink: Shrink | undefined): HeadlessFiles {
  const files = new Map<string, Uint8Array>()
  const addFile = (bytes: Uint8Array, suffix = '.jpg'): string => {
    const path = `http://tmp/${files.size + 1}${suffix}`
    files.set(path, bytes)
    return path
  }
  return {
    addFile,
    readFile: (path) => files.get(path),
    async shrinkPicture(path, to) {
      const bytes = files.get(path)
      if (!bytes || !shrink) throw new Error('decode image fail')
      return addFile(shrink(bytes, to))
    },
  }
}
