import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { LimitedUse } from './limit-store.ts'

const minute = 60_000

export type LimitName =
  | 'wrong password for account'
  | 'wrong password from address'
  | 'wrong password in session'
  | 'wrong password of user in app'
  | 'login of openid'
  | 'refused code from network'
  | 'refused phone code'
  | 'account name tried with codes'
  | 'account name tried'
  | 'new avatar of user'
  | 'avatar tried by user'
  | 'wrong password of administrator'
  | 'wrong code of administrator'
  | 'wrong password in browser'
  | 'wrong code in browser'
  | 'introspection by key'
  | 'read by key'
  | 'change by key'

interface Limit {
  readonly limit: number
  readonly windowMs: number
  readonly unwritten?: number
}

/** The default limits. `RATE_LIMIT_FACTOR` multiplies each of them. */
const limits: Record<LimitName, Limit> = {
  'wrong password for account': { limit: 10, windowMs: 15 * minute },
  'wrong password from address': { limit: 100, windowMs: 15 * minute },
  // Of a signed-in user, whom wrong passwords of strangers must not keep from changing a leaked one.
  'wrong password in session': { limit: 10, windowMs: 15 * minute },
  // A bound WeChat opens as many sessions as it likes.
  'wrong password of user in app': { limit: 100, windowMs: 15 * minute },
  // More than three sign-ins a minute are rare. Up to there nothing is written to disk.
  'login of openid': { limit: 60, windowMs: minute, unwritten: 3 },
  // Counted in memory, and in a shared store beside it; see `refusal-limit.ts`.
  'refused code from network': { limit: 60, windowMs: minute },
  'refused phone code': { limit: 10, windowMs: 15 * minute },
  // As many as a ticket allows, in as long as a ticket lives by default.
  'account name tried with codes': { limit: 5, windowMs: 5 * minute },
  // Tickets are free, so their tries alone would not limit how many names one person finds out.
  'account name tried': { limit: 20, windowMs: 60 * minute },
  // At the console. Guesses in the mini program, which more people can reach, are counted apart and do not lock it.
  'wrong password of administrator': { limit: 10, windowMs: 15 * minute },
  'wrong code of administrator': { limit: 5, windowMs: 15 * minute },
  // In a browser in which the administrator has signed in before, or in the administrator's own session.
  'wrong password in browser': { limit: 10, windowMs: 15 * minute },
  'wrong code in browser': { limit: 5, windowMs: 15 * minute },
  'new avatar of user': { limit: 20, windowMs: 60 * minute },
  // Of other services, in memory, for each node: a backend that asks at every request, and one that was left in a loop.
  'introspection by key': { limit: 60_000, windowMs: minute },
  'read by key': { limit: 6_000, windowMs: minute },
  'change by key': { limit: 600, windowMs: minute },
  // Reading one takes up to 30 ms, also where it is refused.
  'avatar tried by user': { limit: 600, windowMs: 60 * minute },
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

/** How many /64 networks' worth of uses an IPv6 /48 has: providers assign one site up to a /48 (RFC 6177). */
const siteLimits = 10

/**
 * The uses of a limit by network. An IPv6 network, a /64, counts for its /48 too, where ten times the limit holds.
 *
 * @param network as in `Origin.address`
 */
export function usesFrom(
  ports: Pick<Ports, 'now' | 'policy'>,
  name: LimitName,
  network: string,
): LimitedUse[] {
  const own = useOf(ports, name, network)
  const site = siteOf(network)
  if (site === network) return [own]
  return [own, { ...own, key: `${name} ${site}`, limit: own.limit * siteLimits }]
}

/** The /48 of an IPv6 network, which one customer may have as a whole; an IPv4 address as it is. */
export function siteOf(network: string): string {
  return network.endsWith('::/64') ? `${network.split(':', 3).join(':')}::/48` : network
}

/** The refusal of a use past its limit, with the seconds until the window ends. */
export function tooMany({ now }: Pick<LimitedUse, 'now'>, endsAt: number): Failure {
  const retryAfter = Math.max(1, Math.ceil((endsAt - now) / 1000))
  return new Failure('rate_limited', { retryAfter })
}

/**
 * Counts one use.
 *
 * @throws Failure `rate_limited` with the seconds until the window ends
 */
export function spend(
  ports: Pick<Ports, 'limits' | 'now' | 'policy'>,
  name: LimitName,
  subject: string,
): Promise<void> {
  return spendAll(ports, [useOf(ports, name, subject)])
}

/**
 * Counts each of the uses, or none of them.
 *
 * @throws Failure `rate_limited` with the seconds until the last window ends whose limit is reached
 */
export async function spendAll(
  ports: Pick<Ports, 'limits' | 'now'>,
  uses: readonly LimitedUse[],
): Promise<void> {
  const refused = await ports.limits.spend(...uses)
  if (refused !== null) throw tooMany({ now: ports.now() }, refused.endsAt)
}
