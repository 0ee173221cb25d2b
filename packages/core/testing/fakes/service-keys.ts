import type { ServiceKeyMaker } from '../../src/index.ts'

/** Keys that count up, and hashes that can be read. */
export function createFakeServiceKeyMaker(): ServiceKeyMaker {
  let serial = 0
  return {
    newKey() {
      const key = `mk_${++serial}`
      return { key, hash: hashOf(key) }
    },
    hashOf: (key) => (/^mk_\d+$/.test(key) ? hashOf(key) : null),
  }
}

const hashOf = (key: string): string => `hash of ${key}`
