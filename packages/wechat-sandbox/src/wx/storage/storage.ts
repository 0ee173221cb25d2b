import type { Answer, Call, Callbacks, Result } from '../call.ts'
import { ApiError, failureOf } from '../call.ts'
import type { Shelf, StorageInfo } from './shelf.ts'

export interface StorageResult<T = unknown> extends Result {
  data: T
}

export interface GetStorageOptions extends Callbacks<StorageResult> {
  key: string
}

export interface SetStorageOptions extends Callbacks {
  key: string
  data: unknown
}

export interface RemoveStorageOptions extends Callbacks {
  key: string
}

export interface StorageApi {
  /** Fails with `data not found` where nothing is stored. */
  getStorage<O extends GetStorageOptions>(options: O): Answer<O, StorageResult>
  setStorage<O extends SetStorageOptions>(options: O): Answer<O, Result>
  removeStorage<O extends RemoveStorageOptions>(options: O): Answer<O, Result>
  clearStorage<O extends Callbacks>(options?: O): Answer<O, Result>
  getStorageInfo<O extends Callbacks<StorageInfo & Result>>(
    options?: O,
  ): Answer<O, StorageInfo & Result>
  /** `''` where nothing is stored. */
  getStorageSync<T = unknown>(key: string): T
  setStorageSync(key: string, data: unknown): void
  removeStorageSync(key: string): void
  clearStorageSync(): void
  getStorageInfoSync(): StorageInfo
}

export function createStorage(call: Call, shelf: Shelf): StorageApi {
  return {
    getStorage: (options) =>
      call('getStorage', options, () => {
        if (!shelf.has(options.key)) throw new ApiError('data not found')
        return { data: shelf.get(options.key) }
      }),
    setStorage: (options) =>
      call('setStorage', options, () => {
        shelf.set(options.key, options.data)
        return {}
      }),
    removeStorage: (options) =>
      call('removeStorage', options, () => {
        shelf.remove(options.key)
        return {}
      }),
    clearStorage: (options) =>
      call('clearStorage', options, () => {
        shelf.clear()
        return {}
      }),
    getStorageInfo: (options) => call('getStorageInfo', options, () => shelf.info()),
    getStorageSync: <T>(key: string) => sync('getStorageSync', () => shelf.get(key)) as T,
    setStorageSync: (key, data) => sync('setStorageSync', () => shelf.set(key, data)),
    removeStorageSync: (key) => sync('removeStorageSync', () => shelf.remove(key)),
    clearStorageSync: () => sync('clearStorageSync', () => shelf.clear()),
    getStorageInfoSync: () => sync('getStorageInfoSync', () => shelf.info()),
  }
}

function sync<T>(api: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Error(failureOf(api, error).errMsg)
  }
}
