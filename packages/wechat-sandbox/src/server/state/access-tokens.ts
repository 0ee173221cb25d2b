import type { Clock } from '../clock.ts'
import { WeChatError } from '../wechat-error.ts'
import { newAccessToken } from './secrets.ts'

export interface IssuedToken {
  access_token: string
  /** Seconds. */
  expires_in: number
}

export interface AccessTokens {
  /**
   * The same token until its last five minutes. Forced, the token before dies at once, unless
   * it is younger than 30 seconds: then nothing changes.
   * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html
   */
  stable(appId: string, force: boolean): IssuedToken
  /** A new token at every call; the one before lives for five more minutes. */
  plain(appId: string): IssuedToken
  /** The app it was issued to. Throws 41001, 40001 or 42001. */
  check(token: string | undefined): string
}

interface Token {
  value: string
  appId: string
  issuedAt: number
  expiresAt: number
}

const lifetime = 7200_000
const grace = 300_000
const forcedPause = 30_000
const remembered = 24 * 3600_000

export function createAccessTokens(now: Clock): AccessTokens {
  const tokens = new Map<string, Token>()
  const latest = { stable: new Map<string, Token>(), plain: new Map<string, Token>() }

  function issue(kind: 'stable' | 'plain', appId: string): IssuedToken {
    for (const [value, { expiresAt }] of tokens) {
      if (expiresAt + remembered < now()) tokens.delete(value)
    }
    const value = newAccessToken()
    const token = { value, appId, issuedAt: now(), expiresAt: now() + lifetime }
    tokens.set(value, token)
    latest[kind].set(appId, token)
    return issued(token)
  }

  function issued({ value, expiresAt }: Token): IssuedToken {
    return { access_token: value, expires_in: Math.floor((expiresAt - now()) / 1000) }
  }

  return {
    stable(appId, force) {
      const current = latest.stable.get(appId)
      if (!current) return issue('stable', appId)
      const young = now() - current.issuedAt < forcedPause
      const good = current.expiresAt - now() > grace
      if (young || (good && !force)) return issued(current)
      if (force) tokens.delete(current.value)
      return issue('stable', appId)
    },
    plain(appId) {
      const previous = latest.plain.get(appId)
      if (previous) previous.expiresAt = Math.min(previous.expiresAt, now() + grace)
      return issue('plain', appId)
    },
    check(value) {
      if (!value) throw new WeChatError(41001)
      const token = tokens.get(value)
      if (!token) throw new WeChatError(40001)
      if (token.expiresAt <= now()) throw new WeChatError(42001)
      return token.appId
    },
  }
}
