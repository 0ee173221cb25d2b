import { ownerOf } from '../oracle/model.ts'
import type { AppContext, Installation } from '../world/phone/phone.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

export const phoneSignedIn: Invariant = {
  name: 'phone-stays-signed-in',
  sentence:
    'An app that is signed in shows another state only where its person or the service ended the sign-in.',
  sees: 'after',
  watch(world, fail) {
    /** When a window of an app last stored that its WeChat is bound to no user. */
    const emptiedAt = new Map<Installation, number>()
    /**
     * Two windows that store at the same few ms, one a sign-in and one that there is none, may leave the mark of a sign-in
     * without its content, which reads as signed out: README.md, judged.
     */
    const isCrossed = (app: Installation): boolean =>
      Math.abs(app.intentSince - (emptiedAt.get(app) ?? 0)) < longestStore
    return {
      stateChanged({ app, name }, { before, state }) {
        const { intent, isIntentClear } = app
        if (state.status === 'unbound') emptiedAt.set(app, world.timeline.now)
        if (before.status === 'starting' && state.status === 'signedOut') {
          const isStored = world.timeline.now - app.intentSince > longestStore + world.config.lag
          const isSure =
            isIntentClear && isStored && !isDoubtful(world.timeline.now, app.storageFailedAt)
          if (intent === 'in' && isSure && !isSigningIn(world, app))
            fail(`${name} was opened signed out, and its person had signed in`)
          return
        }
        if (before.status !== 'signedIn' || state.status === 'signedIn') return
        if (state.status === 'offline') return fail(`${name} was signed in and is offline`)
        const isKnown =
          isIntentClear &&
          !isCrossed(app) &&
          !isSigningIn(world, app) &&
          !isDoubtful(world.timeline.now, app.storageFailedAt)
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
    'Who has signed out on a phone is signed in there again by a tap alone: in no context that has read the storage since the sign-out was stored there, and after no restart.',
  sees: 'after',
  watch(world, fail) {
    const { timeline } = world
    /** Who signed out in another window before the reply of a renewal came: it is read before the tokens are kept. */
    const checkRenewed = (context: AppContext, event: number): void => {
      const { app, name, isAlive, state } = context
      const { intent, isIntentClear, signOut, storageFailedAt } = app
      if (!isAlive || state.status !== 'signedIn' || intent !== 'out' || !isIntentClear) return
      if (signOut === null || signOut.context === context || signOut.storedAt > event) return
      if (isDoubtful(timeline.now, storageFailedAt) || isSigningIn(world, app)) return
      fail(`${name} has renewed its tokens after its person had signed out, and shows a sign-in`)
    }
    return {
      renewed(context) {
        const { count } = timeline
        timeline.after(5 * readTime + 2 * world.config.lag, () => checkRenewed(context, count))
      },
      stateChanged(context, { before, state }) {
        const { app, name } = context
        if (state.status !== 'signedIn' || before.status === 'signedIn') return
        const { intent, isIntentClear, writeFailedAt } = app
        // What cannot be read is not the same as nothing.
        const isClear = isIntentClear && !isDoubtful(world.timeline.now, writeFailedAt)
        if (intent !== 'out' || !isClear || isSigningIn(world, app)) return
        if (knowsSignOut(world, context))
          fail(`${name} was signed in by itself after its person had signed out`)
      },
    }
  },
}

/** How long it takes at most until a sign-in is stored, in ms. */
const longestStore = 1_000
/** How long a read and what follows from it may take at most, in ms. */
const readTime = 200

/**
 * Whether a context has to know of the last sign-out of its app. WeChat tells no context that another one has written, so
 * what was read before counts until the next read (README of wx-session, several contexts).
 */
function knowsSignOut({ timeline, config }: World, context: AppContext): boolean {
  const { signOut } = context.app
  if (signOut === null || signOut.context === context) return true
  // It reads before each sign-in that it shows.
  const isOld = timeline.now - context.read.at > readTime + config.lag
  return context.read.event >= signOut.storedAt || isOld
}

/** While a sign-in is under way in some window, it is open whether the sign-out before it counts. */
const isSigningIn = ({ calls }: World, app: Installation): boolean =>
  [...calls.values()].some(
    ({ context, label }) => context.app === app && ['signIn', 'bind', 'accept'].includes(label),
  )

/** What storage did not take in the last weeks may be missing now. */
const isDoubtful = (now: number, failedAt: number): boolean => now - failedAt < 200 * 24 * 3_600_000
