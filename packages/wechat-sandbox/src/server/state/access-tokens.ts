import type { Clock } from '../clock.ts'
import { newAccessToken } from '../secrets.ts'
import { WeChatError } from '../wechat-error.ts'

/** The body of a token reply. */
export interface IssuedToken {
  /** The token. */
  access_token: string
  /** Seconds. */
  expires_in: number
}

/** The access tokens of all apps. */
export interface AccessTokens {
  /**
   * Returns the same token until its last five minutes. `force` replaces it and invalidates it at
   * once, unless it is younger than 30 seconds: then it is returned unchanged.
   *
   * @throws WeChatError 45009 after 20 forced tokens in a day, which begins at midnight in Beijing
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html
   */
  stable(appId: string, force: boolean): IssuedToken
  /** Returns a new token at every call; the previous one stays valid for five minutes. */
  plain(appId: string): IssuedToken
  /**
   * Returns the appid that the token was issued to.
   *
   * @throws WeChatError 41001 without a token, 40001 for an unknown one, 42001 for an expired one
   */
  check(token: string | undefined): string
  /** Expires every issued token. */
  expireAll(): void
}

interface Token {
  value: string
  appId: string
  issuedAt: number
  expiresAt: number
}

const lifetime = 7200_000
const gracePeriod = 300_000
const minForcedInterval = 30_000
const dayMs = 24 * 3600_000
const beijingOffset = 8 * 3600_000
const maxForcedPerDay = 20

export function createAccessTokens(now: Clock): AccessTokens {
  const tokens = new Map<string, Token>()
  const forced = new Map<string, { day: number; count: number }>()
  const latest = { stable: new Map<string, Token>(), plain: new Map<string, Token>() }

  function issue(kind: 'stable' | 'plain', appId: string): IssuedToken {
    for (const [value, { expiresAt }] of tokens) {
      if (expiresAt + dayMs < now()) tokens.delete(value)
    }
    const value = newAccessToken()
    const token = { value, appId, issuedAt: now(), expiresAt: now() + lifetime }
    tokens.set(value, token)
    latest[kind].set(appId, token)
    return issued(token)
  }

  function countForced(appId: string): void {
    const today = Math.floor((now() + beijingOffset) / dayMs)
    const found = forced.get(appId)
    const count = found?.day === today ? found.count : 0
    if (count >= maxForcedPerDay) throw new WeChatError(45009)
    forced.set(appId, { day: today, count: count + 1 })
  }

  function issued({ value, expiresAt }: Token): IssuedToken {
    return { access_token: value, expires_in: Math.floor((expiresAt - now()) / 1000) }
  }

  return {
    stable(appId, force) {
      const current = latest.stable.get(appId)
      if (!current) return issue('stable', appId)
      const young = now() - current.issuedAt < minForcedInterval
      const good = current.expiresAt - now() > gracePeriod
      if (young || (good && !force)) return issued(current)
      if (force) {
        countForced(appId)
        tokens.delete(current.value)
      }
      return issue('stable', appId)
    },
    plain(appId) {
      const previous = latest.plain.get(appId)
      if (previous) previous.expiresAt = Math.min(previous.expiresAt, now() + gracePeriod)
      return issue('plain', appId)
    },
    check(value) {
      if (!value) throw new WeChatError(41001)
      const token = tokens.get(value)
      if (!token) throw new WeChatError(40001)
      if (token.expiresAt <= now()) throw new WeChatError(42001)
      return token.appId
    },
    expireAll() {
      for (const token of tokens.values()) token.expiresAt = Math.min(token.expiresAt, now())
      latest.stable.clear()
      latest.plain.clear()
    },
  }
}
