import type { Invariant } from './invariant.ts'

/** A call is recognised at the nodes by the id that its phone gave it. */
export const ownUser: Invariant = {
  name: 'own-user',
  sentence: 'No call is ever run for another user than the one it was made for.',
  sees: 'before',
  watch(world, fail) {
    const users = new Map<string, string>()
    return {
      authenticated({ callId, path }, { user }) {
        if (callId === null) return
        const madeFor = users.get(callId) ?? world.calls.get(callId)?.madeFor ?? null
        users.set(callId, user.id)
        if (madeFor !== null && madeFor !== user.id)
          fail(`${path} was made for user ${madeFor} and ran for user ${user.id}`)
      },
    }
  },
}
