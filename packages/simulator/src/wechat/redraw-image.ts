import type { ImageCompression } from '../screen-host.ts'

/** JPEG quality of an avatar. */
export const avatarQuality = 80

/**
 * Draws a picture in another size and returns a `data:` URL: PNG stays PNG, other formats become JPEG.
 *
 * @throws where it is not a picture, or where nothing can be drawn (jsdom)
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
  // An SVG may have no intrinsic size.
  const shape = naturalWidth && naturalHeight ? naturalWidth / naturalHeight : 1
  const width = to.width ?? (to.height ? to.height * shape : naturalWidth)
  const height = to.height ?? (to.width ? to.width / shape : naturalHeight)
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) }
}
