import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'

const minute = 60_000

type LimitName = 'wrong password for account' | 'wrong password from address' | 'login of openid'

/** interface.md, "Limits by default"; `RATE_LIMIT_FACTOR` multiplies each. */
const limits: Record<LimitName, { limit: number; windowMs: number }> = {
  'wrong password for account': { limit: 10, windowMs: 15 * minute },
  'wrong password from address': { limit: 100, windowMs: 15 * minute },
  'login of openid': { limit: 60, windowMs: minute },
}

/** @throws Failure `rate_limited` with the seconds until the window ends */
export async function spend(ports: Ports, name: LimitName, subject: string): Promise<void> {
  const { limit, windowMs } = limits[name]
  const now = ports.now()
  const refused = await ports.limits.spend({
    key: `${name} ${subject}`,
    limit: Math.max(1, Math.floor(limit * ports.policy.rateLimitFactor)),
    windowMs,
    now,
  })
  if (refused === null) return
  const retryAfter = Math.max(1, Math.ceil((refused.endsAt - now) / 1000))
  throw new Failure('rate_limited', { detail: name, retryAfter })
}

export function refund(ports: Ports, name: LimitName, subject: string): Promise<void> {
  return ports.limits.refund(`${name} ${subject}`)
}
