import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from '../api-call.ts'
import { ApiError, toApiFailure } from '../api-call.ts'
import type { ScopedStorage, StorageInfo } from './scoped-storage.ts'

export interface StorageResult<T = unknown> extends ApiResult {
  data: T
}

export interface GetStorageOptions extends ApiCallbacks<StorageResult> {
  key: string
}

export interface SetStorageOptions extends ApiCallbacks {
  key: string
  data: unknown
}

export interface RemoveStorageOptions extends ApiCallbacks {
  key: string
}

export interface StorageApi {
  /** Fails with `data not found` where nothing is stored. */
  getStorage<O extends GetStorageOptions>(options: O): ApiReturn<O, StorageResult>
  setStorage<O extends SetStorageOptions>(options: O): ApiReturn<O, ApiResult>
  removeStorage<O extends RemoveStorageOptions>(options: O): ApiReturn<O, ApiResult>
  clearStorage<O extends ApiCallbacks>(options?: O): ApiReturn<O, ApiResult>
  getStorageInfo<O extends ApiCallbacks<StorageInfo & ApiResult>>(
    options?: O,
  ): ApiReturn<O, StorageInfo & ApiResult>
  /** `''` where nothing is stored. */
  getStorageSync<T = unknown>(key: string): T
  setStorageSync(key: string, data: unknown): void
  removeStorageSync(key: string): void
  clearStorageSync(): void
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
