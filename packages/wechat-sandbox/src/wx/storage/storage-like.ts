/** The storage that `wx` writes to: `localStorage`, or `createMemoryStorage()`. */
export type StorageLike = StorageItems & (IndexedKeys | IterableKeys)

interface StorageItems {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** As `localStorage` lists its keys. */
interface IndexedKeys {
  key(index: number): string | null
  readonly length: number
}

interface IterableKeys {
  keys(): Iterable<string>
}

/** A storage in memory. Keep it between `createWx` calls to simulate launches on one phone. */
export function createMemoryStorage(): StorageLike {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    keys: () => [...items.keys()],
  }
}

/** All keys of a storage. */
export function keysOf(backing: StorageLike): string[] {
  if ('length' in backing && 'key' in backing && typeof backing.key === 'function') {
    const keys: string[] = []
    for (let index = 0; index < backing.length; index += 1) {
      const key = backing.key(index)
      if (key !== null) keys.push(key)
    }
    return keys
  }
  return 'keys' in backing ? [...backing.keys()] : []
}
