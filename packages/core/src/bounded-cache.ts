export interface Recent<T> {
  get(key: string): T | undefined
  set(key: string, value: T): void
  delete(key: string): void
}

/**
 * Remembers the last half of `most` entries at least, and `most` at most; each for `forMs` at least, unless
 * more come than that.
 *
 * Two generations: when the younger is full or old enough, the older is forgotten as a whole. To take the
 * oldest out of one Map each time is slow in V8, which steps over all the gaps before it: with 100,000
 * entries it took longer than all the rest of a sign-in.
 */
export function createBoundedCache<T>(options: {
  most: number
  forMs?: number
  now?: () => number
}): Recent<T> {
  const { most, forMs = Number.POSITIVE_INFINITY, now = Date.now } = options
  let young = new Map<string, T>()
  let old = new Map<string, T>()
  let since = now()
  return {
    get: (key) => young.get(key) ?? old.get(key),
    set(key, value) {
      if (young.size >= most / 2 || now() - since >= forMs) {
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
