import { differ } from './clocks.ts'
import type { Invariant } from './invariant.ts'

/** Tries of a ticket: five, and five again for the minute in which its call may be repeated after it was used. */
const triesOfTicket = 10
/** Of a ticket that was not used. */
const triesOfUnusedTicket = 5
/** Wrong passwords for an account in a window of 15 minutes, before `RATE_LIMIT_FACTOR`. */
const wrongPasswords = 10
const windowMs = 15 * 60_000

interface Binding {
  readonly proof?: { readonly ticket?: string }
  readonly credential?: { readonly account?: string }
}

export const guessing: Invariant = {
  name: 'guessing',
  sentence:
    'Passwords are guessed no faster than the limits say: five with a ticket and five after its use, ten for an account in a quarter of an hour.',
  sees: 'after',
  watch(world, fail) {
    const { config, timeline, oracle } = world
    let jumpedAt = world.clockJumpedAt
    const tries = new Map<string, number>()
    const wrong = new Map<string, number[]>()
    return {
      served({ path, input }, result) {
        if (path !== 'bind' || !('reason' in result) || result.reason !== 'credential_rejected')
          return
        const { proof, credential } = (input ?? {}) as Binding
        const { ticket } = proof ?? {}
        if (ticket !== undefined) {
          const count = (tries.get(ticket) ?? 0) + 1
          tries.set(ticket, count)
          const most = oracle.ticketUsed(ticket) ? triesOfTicket : triesOfUnusedTicket
          if (count > most) return fail(`${count} passwords were guessed with one ticket`)
        }
        const { account } = credential ?? {}
        // As in `limits-hold`.
        if (jumpedAt !== world.clockJumpedAt || differ(world)) wrong.clear()
        jumpedAt = world.clockJumpedAt
        if (account === undefined) return
        const times = (wrong.get(account) ?? []).filter((at) => timeline.now - at < windowMs)
        wrong.set(account, [...times, timeline.now])
        // A window begins with its first try, so the end of one and the beginning of the next may come together; and a try
        // whose node died was counted here alone.
        const most = 2 * wrongPasswords * config.rateLimitFactor
        if (times.length >= most)
          fail(`${times.length + 1} wrong passwords for ${account} in a quarter of an hour`)
      },
    }
  },
}
