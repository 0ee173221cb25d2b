import { z } from 'zod'
import { within } from '../transport/deadline.ts'
import type { Transport } from '../transport/transport.ts'
import { WechatError } from '../wechat-error.ts'

/** The server's access tokens, one an app. */
export interface StableTokens {
  /** The token in use. Callers that race share one request. */
  current(appId: string): Promise<string>
  /**
   * A token to use after WeChat refused `refused`. Of callers that race with the same refused
   * token one renews; a caller whose token was replaced meanwhile gets the replacement.
   */
  replacing(appId: string, refused: string): Promise<string>
  /** A token that WeChat is asked for now, whatever is held. */
  anew(appId: string): Promise<string>
}

export interface StableTokenOptions {
  apps: ReadonlyMap<string, string>
  transport: Transport
  /** ms, for one request */
  timeout: number
  /** ms since the epoch */
  now: () => number
}

const reply = z.object({
  access_token: z.string().min(1).max(4096),
  expires_in: z.int().positive(),
})

/**
 * Seconds. WeChat repeats the same token until its last 5 minutes and lets the old one live
 * through them: asking earlier would only bring the same token again.
 */
const margin = 60

/**
 * WeChat: getStableAccessToken, `POST /cgi-bin/stable_token`. Unlike `/cgi-bin/token` it does
 * not invalidate the token that another server of ours holds. Never with `force_refresh`, which
 * is allowed 20 times a day: a refused token has been replaced at WeChat already.
 */
export function createStableTokens({
  apps,
  transport,
  timeout,
  now,
}: StableTokenOptions): StableTokens {
  const held = new Map<string, { token: string; until: number }>()
  const flights = new Map<string, Promise<string>>()

  async function renew(appId: string): Promise<string> {
    const askedAt = now()
    const { access_token, expires_in } = await within(timeout, (deadline) =>
      transport.ask(appId, {
        path: '/cgi-bin/stable_token',
        query: {},
        body: {
          grant_type: 'client_credential',
          appid: appId,
          secret: apps.get(appId),
          force_refresh: false,
        },
        shape: reply,
        deadline,
      }),
    )
    held.set(appId, { token: access_token, until: askedAt + (expires_in - margin) * 1000 })
    return access_token
  }

  function share(appId: string): Promise<string> {
    const running = flights.get(appId)
    if (running !== undefined) return running
    const flight = renew(appId)
      .catch((error: unknown) => Promise.reject(secretRefused(error)))
      .finally(() => flights.delete(appId))
    flights.set(appId, flight)
    return flight
  }

  async function current(appId: string): Promise<string> {
    const token = held.get(appId)
    return token !== undefined && now() < token.until ? token.token : share(appId)
  }

  return {
    current,
    anew: share,
    replacing(appId, refused) {
      if (held.get(appId)?.token === refused) held.delete(appId)
      return current(appId)
    },
  }
}

/** Here 40001 speaks of the secret: no token was sent. */
function secretRefused(error: unknown): unknown {
  if (!(error instanceof WechatError) || error.kind !== 'token_expired') return error
  return new WechatError('misconfigured', { errcode: error.errcode })
}
