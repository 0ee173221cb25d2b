import type { ApiCallbacks, ApiResult, ApiReturn, CallApi, OnCall } from './api-call.ts'
import { ApiError, errno, runApi } from './api-call.ts'
import type { ScreenHost } from './screen/screen-host.ts'

/** Result of `readFile`. */
export interface FileResult extends ApiResult {
  /** Text with an encoding, otherwise the bytes. */
  data: string | ArrayBuffer
}

/** Options of `readFile`. */
export interface ReadFileOptions extends ApiCallbacks<FileResult> {
  /** Path of a temporary file. */
  filePath: string
  /** Default: the bytes as an `ArrayBuffer`. */
  encoding?: 'base64' | 'utf8' | 'utf-8' | undefined
}

/** Supports callbacks only, as on the phone. */
export interface FileSystemManager {
  /** Fails with `errno` 1300002 where the file does not exist. */
  readFile(options: ReadFileOptions): void
}

/** Options of `wx.compressImage`. */
export interface CompressImageOptions extends ApiCallbacks<CompressedImage> {
  /** Path of a temporary file. */
  src: string
  /** JPEG quality, 0 to 100; default: 80. */
  quality?: number | undefined
  /** Pixels. One dimension alone keeps the aspect ratio; without both the size is unchanged. */
  compressedWidth?: number | undefined
  /** Pixels; see `compressedWidth`. */
  compressedHeight?: number | undefined
}

/** Result of `wx.compressImage`. */
export interface CompressedImage extends ApiResult {
  /** Path of the new temporary file. */
  tempFilePath: string
}

/** Temporary files. */
export interface FileApi {
  /** https://developers.weixin.qq.com/miniprogram/dev/api/file/FileSystemManager.readFile.html */
  getFileSystemManager(): FileSystemManager
  /** https://developers.weixin.qq.com/miniprogram/dev/api/media/image/wx.compressImage.html */
  compressImage<O extends CompressImageOptions>(options: O): ApiReturn<O, CompressedImage>
}

/** Temporary files of the screen host; nothing is written to disk. */
export function createFileApi(
  callApi: CallApi,
  screen: ScreenHost,
  onCall: OnCall | undefined,
): FileApi {
  const bytesOf = (path: string): Uint8Array => {
    const bytes = screen.readFile?.(path)
    if (bytes) return bytes
    throw new ApiError(`no such file or directory, open ${path}`, errno.noSuchFile)
  }
  const manager: FileSystemManager = {
    readFile(options) {
      const { filePath, encoding } = options
      void runApi({ api: 'readFile', options, onCall }, () => ({
        data: encodeBytes(bytesOf(filePath), encoding),
      }))
    },
  }
  return {
    getFileSystemManager: () => manager,
    compressImage: (options) =>
      callApi('compressImage', options, async () => {
        const { src, quality = 80, compressedWidth: width, compressedHeight: height } = options
        bytesOf(src)
        if (!screen.compressImage) throw new ApiError('not supported')
        return { tempFilePath: await screen.compressImage(src, { width, height, quality }) }
      }),
  }
}

function encodeBytes(
  bytes: Uint8Array,
  encoding: ReadFileOptions['encoding'],
): string | ArrayBuffer {
  switch (encoding) {
    case undefined:
      return Uint8Array.from(bytes).buffer
    case 'base64':
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    case 'utf8':
    case 'utf-8':
      return new TextDecoder().decode(bytes)
    default:
      throw new ApiError(`invalid encoding "${encoding}"`)
  }
}
