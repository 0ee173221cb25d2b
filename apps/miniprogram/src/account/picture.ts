/** Base64 letters of 40 KB, which is what the service takes. */
const longest = Math.ceil((40 * 1024) / 3) * 4
/** Pixels, in turn: a photograph fits as the first, an elaborate PNG perhaps as the last. */
const widths = [256, 192, 128, 96]

/** The message is a sentence for the person. */
export class UnusablePicture extends Error {}

/**
 * A temporary file as the service takes it: base64, drawn smaller where it has to be.
 *
 * @throws UnusablePicture
 */
export async function pictureIn(path: string): Promise<string> {
  let image = await read(path)
  for (const width of widths) {
    if (image.length <= longest) break
    image = await read(await shrink(path, width))
  }
  if (image.length <= longest) return image
  throw new UnusablePicture('这张图片太大了，请换一张')
}

const unreadable = () => new UnusablePicture('这张图片读不出来，请换一张')

function read(filePath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().readFile({
      filePath,
      encoding: 'base64',
      success: ({ data }) => resolve(String(data)),
      fail: () => reject(unreadable()),
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
      fail: () => reject(unreadable()),
    })
  })
}
