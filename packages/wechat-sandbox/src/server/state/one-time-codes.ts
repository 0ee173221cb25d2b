import type { Clock } from '../clock.ts'
import { newCode } from '../secrets.ts'

/** The app and user that a code was issued for. */
export interface CodeHolder {
  /** The appid that the code was issued in. */
  appId: string
  /** The user's name, normalized. */
  user: string
}

/** The user of a code, or why it cannot be redeemed. */
export type CodeLookup =
  | { ok: true; user: string }
  | { ok: false; reason: 'unknown' | 'used' | 'otherApp' }

/** Login codes or phone codes: each is valid once, in one app, for five minutes. */
export interface OneTimeCodes {
  /** Returns a new code. */
  issue(holder: CodeHolder): string
  /** Looks a code up without redeeming it. */
  peek(code: string, appId: string): CodeLookup
  /** Looks a code up and marks it as used. */
  redeem(code: string, appId: string): CodeLookup
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/open-api/login/wx.login.html */
const lifetime = 5 * 60_000

export function createOneTimeCodes(now: Clock): OneTimeCodes {
  const codes = new Map<string, CodeHolder & { expiresAt: number; used: boolean }>()

  function forgetExpired(): void {
    for (const [code, { expiresAt }] of codes) {
      if (expiresAt > now()) return
      codes.delete(code)
    }
  }

  function peek(code: string, appId: string): CodeLookup {
    const found = codes.get(code)
    if (!found || found.expiresAt <= now()) return { ok: false, reason: 'unknown' }
    if (found.appId !== appId) return { ok: false, reason: 'otherApp' }
    if (found.used) return { ok: false, reason: 'used' }
    return { ok: true, user: found.user }
  }

  return {
    issue(holder) {
      forgetExpired()
      const code = newCode()
      codes.set(code, { ...holder, expiresAt: now() + lifetime, used: false })
      return code
    },
    peek,
    redeem(code, appId) {
      const result = peek(code, appId)
      const found = codes.get(code)
      if (result.ok && found) found.used = true
      return result
    },
  }
}
