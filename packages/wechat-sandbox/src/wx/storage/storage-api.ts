import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from '../api-call.ts'
import { ApiError, toApiFailure } from '../api-call.ts'
import type { ScopedStorage, StorageInfo } from './scoped-storage.ts'

/** Result of `wx.getStorage`. */
export interface StorageResult<T = unknown> extends ApiResult {
  /** A copy of the stored value. */
  data: T
}

/** Options of `wx.getStorage`. */
export interface GetStorageOptions extends ApiCallbacks<StorageResult> {
  /** A non-empty string. */
  key: string
}

/** Options of `wx.setStorage`. */
export interface SetStorageOptions extends ApiCallbacks {
  /** A non-empty string. */
  key: string
  /** Anything that JSON can represent. */
  data: unknown
}

/** Options of `wx.removeStorage`. */
export interface RemoveStorageOptions extends ApiCallbacks {
  /** A non-empty string. */
  key: string
}

/** Storage of the mini program, separate for each app and user. */
export interface StorageApi {
  /** Fails with `data not found` where no value is stored. */
  getStorage<O extends GetStorageOptions>(options: O): ApiReturn<O, StorageResult>
  /** Stores a value; fails above 1 MB for a key or 10 MB in all. */
  setStorage<O extends SetStorageOptions>(options: O): ApiReturn<O, ApiResult>
  /** Removes a value. */
  removeStorage<O extends RemoveStorageOptions>(options: O): ApiReturn<O, ApiResult>
  /** Removes all values. */
  clearStorage<O extends ApiCallbacks>(options?: O): ApiReturn<O, ApiResult>
  /** Keys and sizes. */
  getStorageInfo<O extends ApiCallbacks<StorageInfo & ApiResult>>(
    options?: O,
  ): ApiReturn<O, StorageInfo & ApiResult>
  /** Returns `''` where no value is stored. */
  getStorageSync<T = unknown>(key: string): T
  /** Stores a value; throws above 1 MB for a key or 10 MB in all. */
  setStorageSync(key: string, data: unknown): void
  /** Removes a value. */
  removeStorageSync(key: string): void
  /** Removes all values. */
  clearStorageSync(): void
  /** Keys and sizes. */
  getStorageInfoSync(): StorageInfo
}

export function createStorageApi(callApi: CallApi, storage: ScopedStorage): StorageApi {
  return {
    getStorage: (options) =>
      callApi('getStorage', options, () => {
        if (!storage.has(options.key)) throw new ApiError('data not found')
        return { data: storage.get(options.key) }
      }),
    setStorage: (options) =>
      callApi('setStorage', options, () => {
        storage.set(options.key, options.data)
        return {}
      }),
    removeStorage: (options) =>
      callApi('removeStorage', options, () => {
        storage.remove(options.key)
        return {}
      }),
    clearStorage: (options) =>
      callApi('clearStorage', options, () => {
        storage.clear()
        return {}
      }),
    getStorageInfo: (options) => callApi('getStorageInfo', options, () => storage.info()),
    getStorageSync: <T>(key: string) => runSync('getStorageSync', () => storage.get(key)) as T,
    setStorageSync: (key, data) => runSync('setStorageSync', () => storage.set(key, data)),
    removeStorageSync: (key) => runSync('removeStorageSync', () => storage.remove(key)),
    clearStorageSync: () => runSync('clearStorageSync', () => storage.clear()),
    getStorageInfoSync: () => runSync('getStorageInfoSync', () => storage.info()),
  }
}

function runSync<T>(api: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Error(toApiFailure(api, error).errMsg)
  }
}
