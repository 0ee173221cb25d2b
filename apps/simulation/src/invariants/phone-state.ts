import { ownerOf } from '../oracle/model.ts'
import type { Invariant } from './invariant.ts'

export const phoneSignedIn: Invariant = {
  name: 'phone-stays-signed-in',
  sentence:
    'An app that is signed in shows another state only where its person or the service ended the sign-in.',
  sees: 'after',
  watch(world, fail) {
    return {
      stateChanged({ app, name }, { before, state }) {
        if (before.status !== 'signedIn' || state.status === 'signedIn') return
        const { intent, isIntentClear } = app
        if (state.status === 'offline') return fail(`${name} was signed in and is offline`)
        // While a sign-in is under way in another window, the sign-out before it counts.
        const isUnderWay = [...world.calls.values()].some(
          (call) => call.context.app === app && ['signIn', 'bind', 'accept'].includes(call.label),
        )
        const isKnown =
          isIntentClear && !isUnderWay && !isDoubtful(world.timeline.now, app.storageFailedAt)
        if (state.status === 'signedOut' && intent !== 'out' && isKnown)
          return fail(`${name} was signed out, and its person had not asked for it`)
        const identity = {
          appId: app.appId,
          openid: world.wechat.openid(app.device.person, app.appId),
        }
        if (
          state.status === 'unbound' &&
          ownerOf(world.oracle.model, identity)?.isDisabled === false &&
          world.calls.size === 0
        )
          fail(`${name} is unbound, and its identity is not`)
      },
    }
  },
}

export const signOutHolds: Invariant = {
  name: 'sign-out-holds',
  sentence:
    'Who has signed out on a phone is signed in there again by a tap alone, in no context and after no restart.',
  sees: 'after',
  watch(world, fail) {
    return {
      stateChanged({ app, name }, { before, state }) {
        if (state.status !== 'signedIn' || before.status === 'signedIn') return
        const { intent, isIntentClear, storageFailedAt } = app
        if (intent === 'out' && isIntentClear && !isDoubtful(world.timeline.now, storageFailedAt))
          fail(`${name} was signed in by itself after its person had signed out`)
      },
    }
  },
}

/** What storage did not take in the last weeks may be missing now. */
const isDoubtful = (now: number, failedAt: number): boolean => now - failedAt < 200 * 24 * 3_600_000
