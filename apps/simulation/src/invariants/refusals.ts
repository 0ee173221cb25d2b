import type { Invariant } from './invariant.ts'

/** Reasons that a program as correct as ours never gets. */
const impossible = ['internal', 'method_not_allowed', 'unsupported_media_type']

export const closedReasons: Invariant = {
  name: 'closed-reasons',
  sentence: 'Every refusal has a reason of the closed set, and a way on.',
  sees: 'after',
  watch(world, fail) {
    const reasons: readonly string[] = world.product.server.reasons
    const waits = ['rate_limited', 'wechat_rate_limited', 'overloaded']
    return {
      served({ path }, result) {
        if (!('reason' in result)) return
        const { reason, error } = result
        if (!reasons.includes(reason))
          return fail(`${path} was refused with “${reason}”, which is no reason`)
        if (impossible.includes(reason))
          fail(
            `${path} failed with ${reason}: ${error instanceof Error ? error.stack : String(error)}`,
          )
      },
      settled({ label }, outcome) {
        if (outcome.kind === 'unknown')
          fail(`${label} failed with an error that names no reason: ${String(outcome.error)}`)
        if (outcome.kind === 'link' && outcome.link === 'malformed')
          fail(`${label} got a reply that is none`)
        if (
          outcome.kind === 'reason' &&
          waits.includes(outcome.reason) &&
          outcome.retryAfter === undefined
        )
          fail(`${label} was refused with ${outcome.reason} and not told until when`)
      },
    }
  },
}
