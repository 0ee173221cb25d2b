import type { Clock } from '../clock.ts'
import { newSessionKey } from '../secrets.ts'

/** The session keys of all users, by app and openid. */
export interface SessionKeys {
  /** Replaces the user's key; the previous one is no longer valid. */
  rotate(appId: string, openid: string): string
  /** The valid key; undefined where there is none or it has expired. */
  current(appId: string, openid: string): string | undefined
  /** The key before the current one, or undefined: data may have been encrypted under it. */
  previous(appId: string, openid: string): string | undefined
}

// WeChat documents no duration, only that use extends it; three days is commonly observed.
const lifetime = 3 * 24 * 3600_000

/** Keys are stored by app and openid, because two apps may give the same openid. */
export function createSessionKeys(now: Clock): SessionKeys {
  const keys = new Map<string, { key: string; previous: string | undefined; expiresAt: number }>()
  const nameOf = (appId: string, openid: string): string => `${appId} ${openid}`
  return {
    rotate(appId, openid) {
      const name = nameOf(appId, openid)
      const key = newSessionKey()
      keys.set(name, { key, previous: keys.get(name)?.key, expiresAt: now() + lifetime })
      return key
    },
    current(appId, openid) {
      const found = keys.get(nameOf(appId, openid))
      return found && found.expiresAt > now() ? found.key : undefined
    },
    previous: (appId, openid) => keys.get(nameOf(appId, openid))?.previous,
  }
}
