import type { ApiCallbacks, ApiResult, ApiReturn, CallApi, OnCall } from './api-call.ts'
import { ApiError, errno, runApi } from './api-call.ts'
import type { ScreenHost } from './screen/screen-host.ts'

export interface FileResult extends ApiResult {
  data: string | ArrayBuffer
}

export interface ReadFileOptions extends ApiCallbacks<FileResult> {
  filePath: string
  /** The bytes themselves when not given. */
  encoding?: 'base64' | 'utf8' | 'utf-8' | undefined
}

/** Speaks by callbacks alone, as on the phone. */
export interface FileSystemManager {
  readFile(options: ReadFileOptions): void
}

export interface CompressImageOptions extends ApiCallbacks<CompressedImage> {
  /** A temporary file. */
  src: string
  /** 0 to 100, for JPEG; 80 when not given. */
  quality?: number | undefined
  /** Pixels. One alone keeps the shape; with neither the size stays. */
  compressedWidth?: number | undefined
  compressedHeight?: number | undefined
}

export interface CompressedImage extends ApiResult {
  tempFilePath: string
}

export interface FileApi {
  /** https://developers.weixin.qq.com/miniprogram/dev/api/file/FileSystemManager.readFile.html */
  getFileSystemManager(): FileSystemManager
  /** https://developers.weixin.qq.com/miniprogram/dev/api/media/image/wx.compressImage.html */
  compressImage<O extends CompressImageOptions>(options: O): ApiReturn<O, CompressedImage>
}

/** Temporary files: what the person picked, and what was made of it. Nothing is written to a disk. */
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
