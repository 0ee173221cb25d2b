import type { ImageCompression } from '../screen-host.ts'

/** What an avatar of WeChat's is made with. */
export const avatarQuality = 80

/**
 * A picture drawn again, as a data address: PNG stays PNG, everything else becomes JPEG.
 *
 * @throws where it is no picture, or where nothing can be drawn (jsdom)
 */
export async function redrawImage(
  document: Document,
  url: string,
  to: ImageCompression,
): Promise<string> {
  const image = document.createElement('img')
  if (typeof image.decode !== 'function') throw new Error('nothing can be drawn here')
  image.src = url
  await image.decode().catch(() => {
    throw new Error('decode image fail')
  })
  const canvas = document.createElement('canvas')
  const { width, height } = sizeOf(image, to)
  Object.assign(canvas, { width, height })
  canvas.getContext('2d')?.drawImage(image, 0, 0, width, height)
  const type = url.startsWith('data:image/png') ? 'image/png' : 'image/jpeg'
  return canvas.toDataURL(type, to.quality / 100)
}

function sizeOf(
  { naturalWidth, naturalHeight }: HTMLImageElement,
  to: ImageCompression,
): { width: number; height: number } {
  // A drawing may have no size of its own.
  const shape = naturalWidth && naturalHeight ? naturalWidth / naturalHeight : 1
  const width = to.width ?? (to.height ? to.height * shape : naturalWidth)
  const height = to.height ?? (to.width ? to.width / shape : naturalHeight)
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) }
}
