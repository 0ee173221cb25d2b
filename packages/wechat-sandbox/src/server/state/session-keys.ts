import type { Clock } from '../clock.ts'
import { newSessionKey } from './secrets.ts'

export interface SessionKeys {
  /** Makes a new key; the one before is no longer valid. */
  rotate(openid: string): string
  /** The valid key, or undefined. */
  current(openid: string): string | undefined
}

// WeChat promises no duration, only that use makes it longer; three days is commonly seen.
const lifetime = 3 * 24 * 3600_000

/** One valid key for each openid. */
export function createSessionKeys(now: Clock): SessionKeys {
  const keys = new Map<string, { key: string; expiresAt: number }>()
  return {
    rotate(openid) {
      const key = newSessionKey()
      keys.set(openid, { key, expiresAt: now() + lifetime })
      return key
    },
    current(openid) {
      const found = keys.get(openid)
      return found && found.expiresAt > now() ? found.key : undefined
    },
  }
}
