import { createRandom } from '../random.ts'
import type { WorldConfig } from '../world/config.ts'
import type { Person } from '../world/people.ts'
import { openContext } from '../world/phone/app-context.ts'
import type { AppContext, Device, Installation } from '../world/phone/phone.ts'
import type { World } from '../world/world.ts'

/** Something that happens in the world. It draws from `world.random` whom it concerns. */
export interface Action {
  readonly name: string
  /** How often it is drawn, in relation to the others. */
  readonly weight: number
  /** Whether no world is without it: others wait for what it does. */
  readonly isNeeded?: boolean
  /** Whether it is a life of guests, which depends on nothing that other actions do. */
  readonly isLife?: boolean
  /** Whether it can be played in a slow run, where no days pass and clocks do not jump. Default: it can. */
  isPlayedSlow?(config: WorldConfig): boolean
  play(world: World): void
}

export function personOf(world: World, device: Device): Person {
  const person = world.people.find(({ name }) => name === device.person)
  if (person === undefined) throw new Error('a phone without a person')
  return person
}

/** That what happens next concerns the same app on the same phone again: people use one for a while. */
const staysWithApp = 0.6

/** An app on a phone: mostly the one that the steps before were about, so that what they do overlaps. */
export function pickInstallation(world: World): Installation {
  const { random, devices, config } = world
  if (world.inUse !== null && random.chance(staysWithApp)) return world.inUse
  const app = random.pick(devices).apps.get(random.pick(config.appIds)) as Installation
  if (random.chance(0.5)) world.inUse = app
  return app
}

/** A context of some app on some phone that runs; it is opened and launched where none does. */
export function pickContext(world: World): AppContext {
  const app = pickInstallation(world)
  if (app.contexts.length > 0) return world.random.pick(app.contexts)
  return launch(world, app)
}

/** Likewise, but rather one whose session has the given status. */
export function pickContextThatIs(world: World, status: string): AppContext | null {
  const running = world.devices.flatMap((device) =>
    [...device.apps.values()].flatMap(({ contexts }) => contexts),
  )
  const fitting = running.filter(({ session }) => session.state.status === status)
  const inUse = fitting.filter(({ app }) => app === world.inUse)
  if (inUse.length > 0 && world.random.chance(staysWithApp)) return world.random.pick(inUse)
  return fitting.length === 0 ? null : world.random.pick(fitting)
}

export function launch(world: World, app: Installation): AppContext {
  const context = openContext(world, app)
  world.story.note(() => `${context.name} is opened`)
  void context.session.launch()
  return context
}

/** Lets something happen after a delay in ms, drawn by a seed of its own, as a step is. */
export function later(world: World, delay: number, run: () => void): void {
  const seed = world.random.below(2 ** 32)
  world.timeline.after(delay, () => {
    world.random = createRandom(seed)
    run()
  })
}

export const nameOf = (app: Installation): string => `“${app.appId}” on ${app.device.name}`
