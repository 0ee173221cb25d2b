import { ApiError } from '../api-call.ts'
import type { StorageLike } from './storage-like.ts'
import { keysOf } from './storage-like.ts'

/** Bytes; https://developers.weixin.qq.com/miniprogram/dev/framework/ability/storage.html */
const maxKeyBytes = 1024 * 1024
const maxTotalBytes = 10 * maxKeyBytes

/** https://developers.weixin.qq.com/miniprogram/dev/api/storage/wx.getStorageInfoSync.html */
export interface StorageInfo {
  /** The keys of this app and user. */
  keys: string[]
  /** KB in use, rounded up. */
  currentSize: number
  /** KB available. */
  limitSize: number
}

/** The storage of one mini program for one user. Values are copied through JSON. */
export interface ScopedStorage {
  /** Whether a value is stored. */
  has(key: unknown): boolean
  /** The stored value; `''` where there is none, as on the phone. */
  get(key: unknown): unknown
  /** @throws ApiError where a limit is exceeded or the key is not a non-empty string */
  set(key: unknown, value: unknown): void
  /** Removes one value. */
  remove(key: unknown): void
  /** Removes all values of this app and user. */
  clear(): void
  /** Keys and sizes. */
  info(): StorageInfo
}

/** @param prefix called at each use, because another user of the phone has another storage */
export function createScopedStorage(backing: StorageLike, prefix: () => string): ScopedStorage {
  const encoder = new TextEncoder()
  const sizeOf = (text: string): number => encoder.encode(text).length

  function keys(): string[] {
    const start = prefix()
    return keysOf(backing)
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length))
  }

  function readText(key: unknown): string | null {
    return backing.getItem(prefix() + checkKey(key))
  }

  function size(except?: string): number {
    return keys()
      .filter((key) => key !== except)
      .reduce((sum, key) => sum + sizeOf(key) + sizeOf(readText(key) ?? ''), 0)
  }

  return {
    has: (key) => readText(key) !== null,
    get: (key) => parseValue(readText(key)),
    set(key, value) {
      const name = checkKey(key)
      const text = JSON.stringify({ data: value })
      const added = sizeOf(name) + sizeOf(text)
      if (added > maxKeyBytes) throw new ApiError('exceed the max size of a key, 1MB')
      if (size(name) + added > maxTotalBytes) throw new ApiError('exceed storage max size 10MB')
      backing.setItem(prefix() + name, text)
    },
    remove: (key) => backing.removeItem(prefix() + checkKey(key)),
    clear() {
      for (const key of keys()) backing.removeItem(prefix() + key)
    },
    info: () => ({
      keys: keys(),
      currentSize: Math.ceil(size() / 1024),
      limitSize: maxTotalBytes / 1024,
    }),
  }
}

function checkKey(key: unknown): string {
  if (typeof key === 'string' && key !== '') return key
  throw new ApiError('parameter error: parameter.key should be a String that is not empty')
}

function parseValue(text: string | null): unknown {
  if (text === null) return ''
  try {
    const { data } = JSON.parse(text) as { data?: unknown }
    return data === undefined ? '' : data
  } catch {
    return ''
  }
}
