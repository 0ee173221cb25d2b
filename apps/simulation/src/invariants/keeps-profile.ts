import type { User } from '@mianmi/contracts'
import type { Installation } from '../world/phone/phone.ts'
import type { Invariant } from './invariant.ts'

/** How long it takes at most until a change is stored, in ms. */
const longestStore = 1_000

interface Shown {
  readonly user: User
  readonly at: number
  /** How many contexts of the app had been opened, and how many of them ran. */
  readonly opened: number
  readonly running: number
}

export const keepsProfile: Invariant = {
  name: 'keeps-profile',
  sentence: 'An app that is opened again shows the user as its last window has shown them.',
  sees: 'after',
  watch(world, fail) {
    const shown = new WeakMap<Installation, Shown>()
    const asked = new WeakSet<object>()
    const isStored = (app: Installation, { at, opened, running }: Shown): boolean => {
      // Another window may store the profile that it knows.
      const isNext = running === 1 && app.opened === opened + 1
      const wasClosed = app.closedAt >= at && app.closedAt - at <= longestStore
      const hasFailed = app.storageFailedAt > at - longestStore || app.writeFailedAt > 0
      return (
        isNext &&
        !wasClosed &&
        !hasFailed &&
        world.timeline.now - at > longestStore + world.config.lag
      )
    }
    return {
      asked(wx) {
        // What it shows next may come with a reply.
        asked.add(wx)
      },
      stateChanged(context, { before, state }) {
        const { app } = context
        const known = shown.get(app)
        if (state.status !== 'signedIn') {
          shown.delete(app)
          return
        }
        const { user } = state
        const isRead = before.status === 'starting' && !asked.has(context.wx)
        shown.set(app, {
          ...{ user, at: world.timeline.now },
          ...{ opened: app.opened, running: app.contexts.length },
        })
        if (!isRead || known === undefined || known.user.id !== user.id) return
        if (isStored(app, known) && JSON.stringify(known.user) !== JSON.stringify(user))
          fail(`${context.name} shows another profile than the window before it`)
      },
    }
  },
}
