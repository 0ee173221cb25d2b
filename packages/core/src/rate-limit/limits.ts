import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { LimitedUse } from './limit-store.ts'

const minute = 60_000

type LimitName =
  | 'wrong password for account'
  | 'wrong password from address'
  | 'login of openid'
  | 'new avatar of user'
  | 'wrong code of administrator'

interface Limit {
  readonly limit: number
  readonly windowMs: number
  readonly unwritten?: number
}

/** The default limits. `RATE_LIMIT_FACTOR` multiplies each of them. */
const limits: Record<LimitName, Limit> = {
  'wrong password for account': { limit: 10, windowMs: 15 * minute },
  'wrong password from address': { limit: 100, windowMs: 15 * minute },
  // More than three sign-ins a minute are rare. Up to there nothing is written to disk.
  'login of openid': { limit: 60, windowMs: minute, unwritten: 3 },
  'wrong code of administrator': { limit: 5, windowMs: 15 * minute },
  'new avatar of user': { limit: 20, windowMs: 60 * minute },
}

/** A use of a limit, as the store counts it. */
export function useOf(
  ports: Pick<Ports, 'now' | 'policy'>,
  name: LimitName,
  subject: string,
): LimitedUse {
  const { limit, windowMs, unwritten = 0 } = limits[name]
  const { rateLimitFactor } = ports.policy
  return {
    key: `${name} ${subject}`,
    limit: Math.max(1, Math.floor(limit * rateLimitFactor)),
    windowMs,
    now: ports.now(),
    unwritten: Math.floor(unwritten * rateLimitFactor),
  }
}

/** The refusal of a use past its limit, with the seconds until the window ends. */
export function tooMany({ now }: LimitedUse, endsAt: number): Failure {
  const retryAfter = Math.max(1, Math.ceil((endsAt - now) / 1000))
  return new Failure('rate_limited', { retryAfter })
}

/**
 * Counts one use.
 *
 * @throws Failure `rate_limited` with the seconds until the window ends
 */
export async function spend(
  ports: Pick<Ports, 'limits' | 'now' | 'policy'>,
  name: LimitName,
  subject: string,
): Promise<void> {
  const use = useOf(ports, name, subject)
  const refused = await ports.limits.spend(use)
  if (refused !== null) throw tooMany(use, refused.endsAt)
}

export function refund(
  ports: Pick<Ports, 'limits'>,
  name: LimitName,
  subject: string,
): Promise<void> {
  return ports.limits.refund(`${name} ${subject}`)
}
