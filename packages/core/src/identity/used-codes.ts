import { createBoundedCache } from '../bounded-cache.ts'
import { Failure, type Reason } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { WechatGateway } from './wechat-gateway.ts'

/** In ms. WeChat accepts a code for 5 minutes; the rest allows for clocks that differ. */
const rememberedFor = 10 * 60_000
/** Upper limit of remembered codes. The oldest are forgotten first; WeChat still refuses them. */
const remembered = 100_000

/** Refusals for which WeChat was not asked. */
const notAsked: readonly Reason[] = ['app_unknown', 'rate_limited', 'overloaded']
const wasNotAsked = (error: unknown): boolean =>
  error instanceof Failure && notAsked.includes(error.reason)

/**
 * Wraps a gateway so that this process sends each code to WeChat once, also when concurrent calls carry the same code.
 * The first call may have consumed the code even if its reply was lost, so a second one cannot succeed.
 */
export function sendEachCodeOnce(gateway: WechatGateway, now: () => number): WechatGateway {
  const used = createBoundedCache<true>({ most: remembered, forMs: rememberedFor, now })
  return {
    ...gateway,
    async exchangeCode(appId, code, network) {
      const key = `${appId} ${code}`
      if (used.get(key)) throw new Failure('code_used', { detail: 'seen here before' })
      used.set(key, true)
      try {
        return await gateway.exchangeCode(appId, code, network)
      } catch (error) {
        // The code is still unused.
        if (wasNotAsked(error)) used.delete(key)
        throw error
      }
    },
  }
}

/** Wraps a gateway so that of all processes on one database one sends a code to WeChat. */
export function claimEachCode(
  gateway: WechatGateway,
  { codes, now, appIds }: Pick<Ports, 'codes' | 'now' | 'appIds'>,
): WechatGateway {
  return {
    ...gateway,
    async exchangeCode(appId, code, network) {
      // A made-up app must not fill the store.
      if (!appIds.includes(appId)) return gateway.exchangeCode(appId, code, network)
      const key = `${appId} ${code}`
      if (!(await codes.claim(key, now())))
        throw new Failure('code_used', { detail: 'seen by another process' })
      try {
        return await gateway.exchangeCode(appId, code, network)
      } catch (error) {
        // Where the code cannot be given back, a fresh one of the client succeeds.
        if (wasNotAsked(error)) await codes.release(key).catch(() => {})
        throw error
      }
    },
  }
}
