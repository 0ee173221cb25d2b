import type { Clock } from '../clock.ts'
import { newCode } from '../secrets.ts'

export interface Holder {
  appId: string
  user: string
}

export type Redemption =
  | { ok: true; user: string }
  | { ok: false; why: 'unknown' | 'used' | 'otherApp' }

export interface OneTimeCodes {
  issue(holder: Holder): string
  /** Whose code it is, without using it up; says so when there is nothing to use. */
  look(code: string, appId: string): Redemption
  /** As `look`, and the code is used afterwards. */
  redeem(code: string, appId: string): Redemption
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/open-api/login/wx.login.html */
const lifetime = 5 * 60_000

export function createOneTimeCodes(now: Clock): OneTimeCodes {
  const codes = new Map<string, Holder & { expiresAt: number; used: boolean }>()

  function forgetExpired(): void {
    for (const [code, { expiresAt }] of codes) {
      if (expiresAt > now()) return
      codes.delete(code)
    }
  }

  function look(code: string, appId: string): Redemption {
    const found = codes.get(code)
    if (!found || found.expiresAt <= now()) return { ok: false, why: 'unknown' }
    if (found.appId !== appId) return { ok: false, why: 'otherApp' }
    if (found.used) return { ok: false, why: 'used' }
    return { ok: true, user: found.user }
  }

  return {
    issue(holder) {
      forgetExpired()
      const code = newCode()
      codes.set(code, { ...holder, expiresAt: now() + lifetime, used: false })
      return code
    },
    look,
    redeem(code, appId) {
      const result = look(code, appId)
      const found = codes.get(code)
      if (result.ok && found) found.used = true
      return result
    },
  }
}
