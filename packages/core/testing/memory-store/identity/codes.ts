import type { CodeStore } from '../../../src/index.ts'

/** Remembers every code: a test has few. */
export function createCodeStore(): CodeStore {
  const claimed = new Set<string>()
  return {
    async claim(code) {
      if (claimed.has(code)) return false
      claimed.add(code)
      return true
    },
    release: async (code) => void claimed.delete(code),
  }
}
