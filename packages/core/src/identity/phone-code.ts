import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { spendAll, useOf } from '../rate-limit/limits.ts'

/** A getPhoneNumber code, and under whom refused ones are counted: a ticket, an openid or a session. */
interface PhoneCode {
  readonly appId: string
  readonly openid: string
  readonly code: string
  readonly subject: string
  readonly origin: Origin
}

/**
 * Exchanges a getPhoneNumber code at WeChat. The code is counted before WeChat is asked, so that concurrent ones are
 * counted too, and given back unless WeChat refused it.
 *
 * @throws Failure `phone_rejected`, `rate_limited` after ten refused codes, or another refusal of WeChat
 */
export async function askPhoneNumber(
  ports: Pick<Ports, 'wechat' | 'limits' | 'now' | 'policy'>,
  { appId, openid, code, subject, origin }: PhoneCode,
): Promise<string> {
  const use = useOf(ports, 'refused phone code', subject)
  // As long as a ticket lives at least, so that its refused codes are counted to its end.
  const counted = { ...use, windowMs: Math.max(use.windowMs, ports.policy.ticketTtl) }
  await spendAll(ports, [counted])
  const phone = await ports.wechat
    .phoneNumber({ appId, openid, code, network: origin.address })
    .catch(async (error: unknown) => {
      const isRefused = error instanceof Failure && error.reason === 'phone_rejected'
      if (!isRefused) await ports.limits.refund(counted)
      throw error
    })
  await ports.limits.refund(counted)
  return phone
}
