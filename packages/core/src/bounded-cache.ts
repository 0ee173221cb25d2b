/** A cache of limited size; see {@link createBoundedCache}. */
export interface BoundedCache<T> {
  get(key: string): T | undefined
  set(key: string, value: T): void
  delete(key: string): void
}

/**
 * A cache that holds at least the last `most / 2` entries and at most `most`. Each entry stays at least `forMs`
 * milliseconds, unless more entries come.
 *
 * It has two generations: when the younger is full or old enough, the older is dropped as a whole. Deleting the
 * oldest entry of one Map each time is slow in V8, which skips all deleted entries before it: with 100,000
 * entries that took longer than the rest of a sign-in.
 */
export function createBoundedCache<T>(options: {
  most: number
  forMs?: number
  now?: () => number
}): BoundedCache<T> {
  const { most, forMs = Number.POSITIVE_INFINITY, now = Date.now } = options
  let young = new Map<string, T>()
  let old = new Map<string, T>()
  let since = now()
  return {
    get: (key) => young.get(key) ?? old.get(key),
    set(key, value) {
      const age = now() - since
      // A negative age: the clock was set back. Otherwise entries would stay for as long as it was ahead.
      if (young.size >= most / 2 || age >= forMs || age < 0) {
        old = young
        young = new Map()
        since = now()
      }
      young.set(key, value)
    },
    delete(key) {
      young.delete(key)
      old.delete(key)
    },
  }
}
