import { z } from 'zod'
import type { CallPolicy } from '../transport/call-policy.ts'
import { withDeadline } from '../transport/limits/deadline.ts'
import { WechatError } from '../wechat-error.ts'

/** The server's access tokens, one for each app, cached in memory. */
export interface StableTokens {
  /** The cached token, or a new one. Concurrent callers share one request. */
  current(appId: string): Promise<string>
  /**
   * A token to use after WeChat refused `refusedToken`. Concurrent callers with the same refused token share one
   * renewal; a caller whose token was replaced in the meantime gets the replacement.
   */
  replace(appId: string, refusedToken: string): Promise<string>
  /** Requests a token although one may be cached. Concurrent callers share one request. */
  fetchNew(appId: string): Promise<string>
}

/** What `createStableTokens` needs. */
export interface StableTokenOptions {
  /** appid → app secret */
  apps: ReadonlyMap<string, string>
  policy: CallPolicy
  /** Time limit in ms for one request. */
  timeout: number
  /** The clock, ms since the epoch. */
  now: () => number
}

const replySchema = z.object({
  access_token: z.string().min(1).max(4096),
  expires_in: z.int().positive(),
})

/**
 * Seconds before its expiry at which a token is renewed. WeChat returns the same token until the last 5 minutes of
 * its life, and accepts it through them: an earlier request would only return the same token.
 */
const renewalMargin = 60

/**
 * Creates the token cache. It uses getStableAccessToken, `POST /cgi-bin/stable_token`, which unlike `/cgi-bin/token`
 * does not invalidate the token that another server holds. `force_refresh` is never set: WeChat allows it 20 times a
 * day, and has already replaced a token that it refuses.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html
 */
export function createStableTokens(options: StableTokenOptions): StableTokens {
  const { apps, policy, timeout, now } = options
  const cached = new Map<string, { token: string; since: number; until: number }>()
  const pending = new Map<string, Promise<string>>()

  async function renew(appId: string): Promise<string> {
    const requestedAt = now()
    const { access_token, expires_in } = await withDeadline(timeout, (deadline) =>
      policy.call(appId, {
        path: '/cgi-bin/stable_token',
        query: {},
        body: {
          grant_type: 'client_credential',
          appid: appId,
          secret: apps.get(appId),
          force_refresh: false,
        },
        replySchema,
        deadline,
      }),
    )
    const until = requestedAt + (expires_in - renewalMargin) * 1000
    cached.set(appId, { token: access_token, since: requestedAt, until })
    return access_token
  }

  function fetchNew(appId: string): Promise<string> {
    const running = pending.get(appId)
    if (running !== undefined) return running
    const renewal = renew(appId)
      .catch((error: unknown) => Promise.reject(withSecretRefused(error)))
      .finally(() => pending.delete(appId))
    pending.set(appId, renewal)
    return renewal
  }

  async function current(appId: string): Promise<string> {
    const entry = cached.get(appId)
    // A token of the future was requested while the clock was ahead, and may have expired.
    const isValid = entry !== undefined && entry.since <= now() && now() < entry.until
    return isValid ? entry.token : fetchNew(appId)
  }

  return {
    current,
    fetchNew,
    replace(appId, refusedToken) {
      if (cached.get(appId)?.token === refusedToken) cached.delete(appId)
      return current(appId)
    },
  }
}

/** In reply to this request 40001 means that the secret is wrong: no token was sent. */
function withSecretRefused(error: unknown): unknown {
  if (!(error instanceof WechatError) || error.kind !== 'token_expired') return error
  return new WechatError('misconfigured', { errcode: error.errcode })
}
