import type { Invariant } from './invariant.ts'

export const phoneManners: Invariant = {
  name: 'phone-manners',
  sentence:
    'A context has one wx.login at a time and four a second at most, and sends a call twice at most.',
  sees: 'after',
  watch(_world, fail) {
    const logins = new Map<object, number>()
    const recent = new Map<object, readonly number[]>()
    const sent = new Map<string, number>()
    return {
      loginStarted(context, clock) {
        // WeChat's limit. A clock that was set back does not count.
        const times = (recent.get(context) ?? []).filter((time) => Math.abs(clock - time) < 1_000)
        recent.set(context, [...times, clock])
        if (times.length >= 4) return fail('a context called wx.login five times in a second')
        const running = (logins.get(context) ?? 0) + 1
        logins.set(context, running)
        if (running > 1) fail('a context called wx.login while another one was under way')
      },
      loginEnded(context) {
        logins.set(context, (logins.get(context) ?? 1) - 1)
      },
      requestSent(calls) {
        for (const id of calls) {
          const count = (sent.get(id) ?? 0) + 1
          sent.set(id, count)
          if (count > 2) fail(`the call ${id} was sent ${count} times`)
        }
      },
    }
  },
}
