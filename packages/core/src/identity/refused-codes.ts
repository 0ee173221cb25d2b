import { Failure, type Reason } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { createRefusalLimit } from '../rate-limit/refusal-limit.ts'
import type { WechatGateway } from './wechat-gateway.ts'

/** The reasons that are the caller's doing, as opposed to those of WeChat or of the configuration. */
const refusals: readonly Reason[] = ['code_rejected', 'code_used', 'user_blocked', 'phone_rejected']

/**
 * Wraps a gateway so that WeChat is not asked while too many codes of the caller's network were refused. Codes that
 * WeChat accepts count nothing.
 */
export function limitRefusedCodes(
  gateway: WechatGateway,
  ports: Pick<Ports, 'limits' | 'now' | 'policy'>,
): WechatGateway {
  const isRefusal = (error: unknown): boolean =>
    error instanceof Failure && refusals.includes(error.reason)
  const limited = createRefusalLimit(ports, { name: 'refused code from network', isRefusal })
  return {
    ...gateway,
    exchangeCode: (appId, code, network) =>
      limited(network, () => gateway.exchangeCode(appId, code, network)),
    phoneNumber: (request) => limited(request.network, () => gateway.phoneNumber(request)),
  }
}
