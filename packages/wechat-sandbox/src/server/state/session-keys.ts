import type { Clock } from '../clock.ts'
import { newSessionKey } from '../secrets.ts'

export interface SessionKeys {
  /** Makes a new key; the one before is no longer valid. */
  rotate(appId: string, openid: string): string
  /** The valid key, or undefined. */
  current(appId: string, openid: string): string | undefined
  /** The key before the valid one, or undefined: data may have been encrypted under it. */
  previous(appId: string, openid: string): string | undefined
}

// WeChat promises no duration, only that use makes it longer; three days is commonly seen.
const lifetime = 3 * 24 * 3600_000

/** One valid key for each user of each app: two apps may give the same openid. */
export function createSessionKeys(now: Clock): SessionKeys {
  const keys = new Map<string, { key: string; before: string | undefined; expiresAt: number }>()
  const nameOf = (appId: string, openid: string): string => `${appId} ${openid}`
  return {
    rotate(appId, openid) {
      const name = nameOf(appId, openid)
      const key = newSessionKey()
      keys.set(name, { key, before: keys.get(name)?.key, expiresAt: now() + lifetime })
      return key
    },
    current(appId, openid) {
      const found = keys.get(nameOf(appId, openid))
      return found && found.expiresAt > now() ? found.key : undefined
    },
    previous: (appId, openid) => keys.get(nameOf(appId, openid))?.before,
  }
}
