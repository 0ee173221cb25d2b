import type { AppContext, Installation } from '../world/phone/phone.ts'
import type { World } from '../world/world.ts'
import { type Action, later, launch, pickContextThatIs, pickInstallation } from './action.ts'
import { closeContext, signOutIn } from './phone.ts'
import { tapSignIn } from './tap.ts'
import { callOf, rename } from './window-calls.ts'

/** A call or a new nickname in a window: both store what comes back. */
function actIn(world: World, context: AppContext): void {
  if (!context.isAlive) return
  if (world.random.chance(0.5)) void callOf(world, context)
  else rename(world, context)
}

const ifAlive = (context: AppContext, act: () => void) => (): void => {
  if (context.isAlive) act()
}

/** Does something while a window stores what it shows next: a few ms after it shows it. */
function atNextChange(world: World, { session }: AppContext, act: () => void): void {
  const stop = session.subscribe(() => {
    stop()
    later(world, world.random.between(0, 8), act)
  })
}

/**
 * A person signs out in one window, and perhaps in again, while another one renews its tokens or stores a profile. Then a window
 * is opened that knows only what is stored.
 */
const crossing: Action = {
  name: 'windows cross a sign-out',
  weight: 3,
  play(world) {
    const { random, config } = world
    const first = pickContextThatIs(world, 'signedIn')
    if (first === null) return
    const { app } = first
    world.story.note(() => `${app.device.person} acts in several windows of “${app.appId}”`)
    const second = app.contexts.find((each) => each !== first) ?? launch(world, app)
    // A token that has expired is renewed by the next call.
    const isExpired = config.accessTokenTtl <= 20_000 || random.chance(0.2)
    const start = 1_500 + (isExpired ? Math.round(config.accessTokenTtl * 1.02) : 0)
    const secondAt = start + random.between(0, 30)
    const near = (): number => start + random.between(0, random.pick([30, 400, 1_500]))
    later(
      world,
      secondAt,
      ifAlive(second, () => actIn(world, second)),
    )
    const signOut = ifAlive(first, () => signOutIn(world, first, 0.6))
    // While the renewal that the call needs is on its way.
    const signsOutAt = isExpired && random.chance(0.5) ? secondAt + random.between(80, 260) : near()
    if (random.chance(0.6)) later(world, signsOutAt, signOut)
    else atNextChange(world, second, signOut)
    if (random.chance(0.5)) {
      const signsInAt = signsOutAt + random.between(1, 600)
      later(
        world,
        signsInAt,
        ifAlive(first, () => tapSignIn(world, first)),
      )
      for (const delay of [0, 700])
        later(
          world,
          near() + delay,
          ifAlive(second, () => actIn(world, second)),
        )
    }
    later(world, start + random.between(2_000, 9_000), () => openAnother(world, app))
  },
}

function openAnother(world: World, app: Installation): void {
  const [oldest] = app.contexts
  if (app.contexts.length >= 3 && oldest !== undefined) closeContext(world, oldest)
  launch(world, app)
}

/** Windows of an app of which nothing is stored: each of them signs in by itself when it is opened. */
const openTogether: Action = {
  name: 'windows are opened while a person signs out',
  weight: 1.5,
  play(world) {
    const { random } = world
    const app = pickInstallation(world)
    if (app.contexts.length > 1) return
    const first = app.contexts[0] ?? launch(world, app)
    later(world, random.between(0, 800), () => launch(world, app))
    later(
      world,
      random.between(50, 1_200),
      ifAlive(first, () => signOutIn(world, first)),
    )
    if (random.chance(0.4))
      later(
        world,
        random.between(100, 1_500),
        ifAlive(first, () => tapSignIn(world, first)),
      )
  },
}

/** Nothing works on the phone for a while, and each tap fails at once. */
const withoutNetwork: Action = {
  name: 'a phone has no network, and its person taps',
  weight: 1,
  play(world) {
    const { random } = world
    const app = pickInstallation(world)
    const context = app.contexts[0] ?? launch(world, app)
    const { device } = app
    world.story.note(() => `${device.name} has no network`)
    later(world, 700, () => {
      device.isOffline = true
    })
    const taps = random.between(4, 9)
    for (let tap = 0; tap < taps; tap++)
      later(
        world,
        800 + tap * random.between(20, 150),
        ifAlive(context, () => tapSignIn(world, context)),
      )
    later(world, 800 + random.between(1_500, 30_000), () => {
      device.isOffline = false
      world.story.note(() => `${device.name} has network again`)
    })
  },
}

/** What cannot be read is not the same as nothing: a window that is opened now must not sign in by itself. */
const unreadable: Action = {
  name: 'storage fails after a sign-out',
  weight: 0.8,
  play(world) {
    const context = pickContextThatIs(world, 'signedIn')
    if (context === null || context.app.storageMood !== 'well') return
    const { app } = context
    signOutIn(world, context, 0.6)
    later(world, 2_000, () => {
      app.storageMood = world.random.pick(['failing', 'broken'] as const)
      app.storageFailedAt = world.timeline.now
      world.story.note(
        () => `the storage of “${app.appId}” on ${app.device.name} fails for a while`,
      )
      openAnother(world, app)
    })
    later(world, 9_000, () => {
      app.storageMood = 'well'
    })
  },
}

/** Both replies are stored by the one window that runs, at nearly the same time. The next window shows the later one. */
const renameTwice: Action = {
  name: 'a name changes twice, and the app is opened again',
  weight: 1,
  play(world) {
    const context = pickContextThatIs(world, 'signedIn')
    if (context === null) return
    const { app } = context
    for (const other of app.contexts) if (other !== context) closeContext(world, other)
    world.story.note(() => `${app.device.person} changes the name twice in ${context.name}`)
    for (let count = 0; count < 2; count++)
      later(
        world,
        count * world.random.between(0, 5),
        ifAlive(context, () => rename(world, context)),
      )
    later(
      world,
      6_000,
      ifAlive(context, () => {
        closeContext(world, context)
        launch(world, app)
      }),
    )
  },
}

export const windowActions: readonly Action[] = [
  crossing,
  openTogether,
  withoutNetwork,
  unreadable,
  renameTwice,
]
