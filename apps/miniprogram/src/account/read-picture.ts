/** Length of 40 KB in base64, the limit of the service. */
const maxLength = Math.ceil((40 * 1024) / 3) * 4
/** Pixels, tried in this order. A photograph is small enough at the first, a detailed PNG maybe at the last. */
const widths = [256, 192, 128, 96]

/** Its message is shown to the person. */
export class UnusablePictureError extends Error {}

/**
 * Reads a temporary file as base64, and makes it smaller when it is over the limit of the service.
 *
 * @throws UnusablePictureError
 */
export async function readPicture(path: string): Promise<string> {
  let image = await read(path)
  for (const width of widths) {
    if (image.length <= maxLength) break
    image = await read(await shrink(path, width))
  }
  if (image.length <= maxLength) return image
  throw new UnusablePictureError('这张图片太大了，请换一张')
}

const unreadableError = () => new UnusablePictureError('这张图片读不出来，请换一张')

function read(filePath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().readFile({
      filePath,
      encoding: 'base64',
      success: ({ data }) => resolve(String(data)),
      fail: () => reject(unreadableError()),
    })
  })
}

function shrink(src: string, compressedWidth: number): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.compressImage({
      src,
      compressedWidth,
      quality: 80,
      success: ({ tempFilePath }) => resolve(tempFilePath),
      fail: () => reject(unreadableError()),
    })
  })
}
