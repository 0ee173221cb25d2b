import { createBoundedCache } from '../bounded-cache.ts'
import { Failure } from '../failure.ts'
import type { WechatGateway } from './wechat-gateway.ts'

/** A code lives 5 minutes at WeChat; afterwards WeChat itself refuses it. Milliseconds, with room for clocks. */
const rememberedFor = 10 * 60_000
/** A bound on memory; the oldest are forgotten first, and WeChat still knows them. */
const remembered = 100_000

/**
 * Lets each code through to WeChat once, also when many calls bring it at the same time: the first try may
 * have consumed it even if its answer never came, so a second can only confuse.
 */
export function askOnce(gate: WechatGateway, now: () => number): WechatGateway {
  const used = createBoundedCache<true>({ most: remembered, forMs: rememberedFor, now })
  return {
    ...gate,
    async exchangeCode(appId, code) {
      const key = `${appId} ${code}`
      if (used.get(key)) throw new Failure('code_used', { detail: 'seen here before' })
      used.set(key, true)
      try {
        return await gate.exchangeCode(appId, code)
      } catch (error) {
        // WeChat was not asked, so the code is still whole.
        if (error instanceof Failure && error.reason === 'app_unknown') used.delete(key)
        throw error
      }
    },
  }
}
