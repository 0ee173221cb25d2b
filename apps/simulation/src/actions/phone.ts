import { makeCall } from '../world/phone/calls.ts'
import type { AppContext, Installation } from '../world/phone/phone.ts'
import { sessionOfRefreshToken } from '../world/server/tokens.ts'
import type { World } from '../world/world.ts'
import { type Action, launch, nameOf, pickContext, pickInstallation } from './action.ts'
import { tapSignIn } from './tap.ts'

const open: Action = {
  name: 'an app is opened',
  weight: 8,
  isNeeded: true,
  play(world) {
    const app = pickInstallation(world)
    if (app.contexts.length < 3) launch(world, app)
  },
}

const kill: Action = {
  name: 'an app is closed',
  weight: 5,
  play(world) {
    const app = pickInstallation(world)
    if (app.contexts.length === 0) return
    closeContext(world, world.random.pick(app.contexts))
  },
}

export function closeContext(world: World, context: AppContext): void {
  world.story.note(() => `${context.name} is closed`)
  const calls = [...world.calls.values()].filter((call) => call.context === context)
  // What it was about to store may be lost.
  if (calls.some(({ label }) => isDecision(label))) context.app.isIntentClear = false
  context.kill()
  for (const { id } of calls) world.calls.delete(id)
}

const isDecision = (label: string): boolean => ['signOut', 'signIn', 'accept'].includes(label)

const signIn: Action = {
  name: 'a person taps sign in',
  weight: 6,
  isNeeded: true,
  play: (world) => tapSignIn(world, pickContext(world)),
}

const signOut: Action = {
  name: 'a person signs out',
  weight: 5,
  play: (world) => signOutIn(world, pickContext(world)),
}

/** @param phoneOnly how often the service is not told */
export function signOutIn(world: World, context: AppContext, phoneOnly = 0.3): void {
  const { app, session, api } = context
  if (session.state.status === 'starting') return
  const isOnPhoneOnly = world.random.chance(phoneOnly)
  world.story.note(() => `${app.device.person} signs out in ${context.name}`)
  const isContested = [...world.calls.values()].some(
    (call) => call.context.app === app && call.context !== context && isDecision(call.label),
  )
  app.intent = 'out'
  app.decisions += 1
  app.signOut = { context, storedAt: Number.POSITIVE_INFINITY }
  // Full storage still allows to remove; where nothing was ever written, there is nothing to remove.
  const canBeKept =
    app.storageMood === 'well' || (app.storageMood === 'full' && app.storage.has('wx-session.in'))
  app.isIntentClear = !isContested && canBeKept
  excuseStored(world, app)
  const revoke = () => api.session.signOut.mutate()
  void makeCall(world, context, {
    label: 'signOut',
    run: () => session.signOut(isOnPhoneOnly ? undefined : revoke),
  })
}

/**
 * A sign-out on a phone is a wish to end the session, also where the service does not hear of it. A window that knows
 * nothing of it yet may come with a token that has long been exchanged.
 */
function excuseStored({ oracle }: World, { storage }: Installation): void {
  const stored = JSON.parse(storage.get('wx-session') ?? 'null') as {
    tokens?: { refreshToken: string }
  } | null
  if (stored?.tokens === undefined) return
  const id = sessionOfRefreshToken(stored.tokens.refreshToken)
  oracle.model.sessions.get(id)?.excuses.add('a sign-out on its phone')
}

const storage: Action = {
  name: 'storage changes',
  weight: 2,
  play(world) {
    const app = pickInstallation(world)
    app.storageMood =
      app.storageMood === 'well'
        ? world.random.pick(['full', 'full', 'failing', 'silent'] as const)
        : 'well'
    if (app.storageMood === 'failing' || app.storageMood === 'silent')
      app.storageFailedAt = world.timeline.now
    world.story.note(() => `the storage of ${nameOf(app)} is ${app.storageMood} from now on`)
  },
}

const clock: Action = {
  name: 'the clock of a phone jumps',
  weight: 1,
  play(world) {
    const device = world.random.pick(world.devices)
    device.clockOffset = world.random.between(-600, 600) * 1_000
    world.story.note(() => `the clock of ${device.name} is ${device.clockOffset / 1_000} s off`)
  },
}

export const phoneActions: readonly Action[] = [open, kill, signIn, signOut, storage, clock]
