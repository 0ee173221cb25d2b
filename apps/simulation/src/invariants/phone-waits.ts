import type { AppContext } from '../world/phone/phone.ts'
import type { Invariant } from './invariant.ts'

/** Reasons that another attempt does not change. */
const final = ['user_blocked', 'user_disabled', 'forbidden', 'app_unknown', 'wechat_misconfigured']
/** The longest wait of a person who is signed in, in ms. */
const longestSignedIn = 60_000
const longest = 86_400_000

interface Wait {
  readonly reason: string | null
  readonly from: number
  readonly until: number
}

export const phoneWaits: Invariant = {
  name: 'phone-waits',
  sentence:
    'Without a tap a context signs in again only when the wait is over that the service asked for, and never where only the person or an administrator can change the refusal; a rejected code is followed by a second one.',
  sees: 'after',
  watch(world, fail) {
    const waits = new WeakMap<object, Wait>()
    const contexts = new WeakMap<object, AppContext>()
    /** How many codes of a context were rejected in a row. */
    const rejected = new WeakMap<object, number>()
    const isTapped = (context: AppContext | undefined): boolean =>
      [...world.calls.values()].some(
        (call) =>
          call.context === context && ['signIn', 'signOut', 'accept', 'bind'].includes(call.label),
      )
    return {
      asked(wx, { path, clock }) {
        if (path !== 'miniLogin') return
        const { from, until } = waits.get(wx) ?? { from: 0, until: 0 }
        // A clock that was set back ends the wait.
        if (clock < from || clock >= until) return
        const context = contexts.get(wx)
        if (context === undefined || isTapped(context)) return
        fail(`${context.name} signed in by itself before the wait was over that it was asked for`)
      },
      answered(wx, { path, clock, reason, retryAfter }) {
        if (path !== 'miniLogin') return
        const isCode = reason === 'code_rejected' || reason === 'code_used'
        rejected.set(wx, isCode ? (rejected.get(wx) ?? 0) + 1 : 0)
        const asked = final.includes(reason ?? '')
          ? Number.POSITIVE_INFINITY
          : Math.min(retryAfter * 1_000, longest)
        const isSignedIn = contexts.get(wx)?.state.status === 'signedIn'
        const until = clock + (isSignedIn ? Math.min(asked, longestSignedIn) : asked)
        waits.set(wx, { reason, from: clock, until })
      },
      stateChanged(context, { state }) {
        contexts.set(context.wx, context)
        if (state.status !== 'offline') {
          waits.delete(context.wx)
          return
        }
        const { data } = (state.error ?? {}) as { data?: { reason?: string } }
        // A later failure begins a wait of its own.
        if (waits.get(context.wx)?.reason !== (data?.reason ?? null)) waits.delete(context.wx)
        const isCode = data?.reason === 'code_rejected' || data?.reason === 'code_used'
        if (isCode && rejected.get(context.wx) === 1)
          fail(`${context.name} gave up after one rejected code`)
      },
    }
  },
}
