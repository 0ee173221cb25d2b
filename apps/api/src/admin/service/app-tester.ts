import { performance } from 'node:perf_hooks'
import type { AppFinding, AppTester } from '@mianmi/core/admin'
import { type Wechat, WechatError } from '@mianmi/wechat'

type Finding = AppFinding['finding']

/**
 * What WeChat's error codes for a token request mean for the configuration of the app.
 * https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
 */
const findings: Readonly<Record<number, Finding>> = {
  [-1]: 'busy',
  // In reply to a token request this code means that the secret is wrong: no token was sent.
  40001: 'secret_rejected',
  40013: 'appid_rejected',
  40125: 'secret_rejected',
  40164: 'address_not_allowed',
  41002: 'appid_rejected',
  41004: 'secret_rejected',
  45009: 'quota_used_up',
  45011: 'quota_used_up',
}

export function createAppTester(wechat: Pick<Wechat, 'checkApp'>): AppTester {
  return {
    async test(appId) {
      const startedAt = performance.now()
      const found = await wechat.checkApp(appId).then(
        () => ({ finding: 'ok' as const, errcode: 0, address: null }),
        (error: unknown) => findingOf(error),
      )
      return { ...found, durationMs: Math.round(performance.now() - startedAt) }
    },
  }
}

function findingOf(error: unknown): Omit<AppFinding, 'durationMs'> {
  if (!(error instanceof WechatError)) throw error
  const { errcode, address, kind } = error
  if (errcode !== null) return { finding: findings[errcode] ?? 'unexpected', errcode, address }
  return { finding: kind === 'unavailable' ? 'unreachable' : 'unexpected', errcode, address }
}
