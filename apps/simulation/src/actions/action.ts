import type { Person } from '../world/people.ts'
import { openContext } from '../world/phone/app-context.ts'
import type { AppContext, Device, Installation } from '../world/phone/phone.ts'
import type { World } from '../world/world.ts'

/** Something that happens in the world. It draws from `world.random` whom it concerns. */
export interface Action {
  readonly name: string
  /** How often it is drawn, in relation to the others. */
  readonly weight: number
  play(world: World): void
}

export function personOf(world: World, device: Device): Person {
  const person = world.people.find(({ name }) => name === device.person)
  if (person === undefined) throw new Error('a phone of nobody')
  return person
}

export const pickInstallation = (world: World): Installation => {
  const device = world.random.pick(world.devices)
  return device.apps.get(world.random.pick(world.config.appIds)) as Installation
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
  return fitting.length === 0 ? null : world.random.pick(fitting)
}

export function launch(world: World, app: Installation): AppContext {
  const context = openContext(world, app)
  world.story.note(() => `${context.name} is opened`)
  void context.session.launch()
  return context
}

export const nameOf = (app: Installation): string => `“${app.appId}” on ${app.device.name}`
