import type { World } from '../world/world.ts'
import type { Action } from './action.ts'
import {
  act,
  bindIn,
  byPassword,
  codeOf,
  enterApp,
  type Guest,
  linkApps,
  newGuest,
  numberCodeOf,
  registerIn,
  twoApps,
} from './guests.ts'

const day = 24 * 3_600_000

/** Calls of guests in a certain order. Where one is lost, the rest is left out. */
export const life = (
  name: string,
  weight: number,
  play: (world: World, guest: Guest) => Promise<unknown>,
): Action => ({
  name,
  weight,
  isLife: true,
  // They look into the store, or let days pass.
  isPlayedSlow: () => false,
  play: (world) => void play(world, newGuest(world)),
})

export const wait = (world: World, ms: number): Promise<void> => world.timeline.pause(ms)

const sharedAccount = life('two people share an account in two apps', 1, async (world, guest) => {
  const apps = twoApps(world)
  if (apps === null) return
  linkApps(world)
  const [one, two] = apps
  const owner = await registerIn(world, guest, one)
  if (owner === null) return
  const friend = newGuest(world)
  world.story.note(() => `${friend.name} binds to ${owner.account} in “${two}”`)
  await bindIn(world, { guest: friend, appId: two, credential: byPassword(owner) })
  await enterApp(world, guest, two)
  await enterApp(world, friend, one)
})

const everywhere = life(
  'a person unbinds in one app, and then everywhere',
  1,
  async (world, guest) => {
    const apps = twoApps(world)
    if (apps === null) return
    linkApps(world)
    const [one, two] = apps
    const first = await registerIn(world, guest, one)
    if (first === null) return
    const second = await enterApp(world, guest, two)
    if (second === null) return
    world.story.note(
      () => `${guest.name} unbinds in “${one}” there, and then everywhere in “${two}”`,
    )
    await act(world, first, { path: 'identity.unbind', input: { appId: one } })
    if (world.random.chance(0.7))
      await act(world, second, { path: 'identity.unbind', input: { appId: two, everywhere: true } })
    await act(world, first, { path: 'me' })
    await enterApp(world, guest, world.random.pick(apps))
  },
)

/** Binds by the number, of which WeChat says no unionid. */
async function bindByNumber(world: World, guest: Guest, appId: string) {
  world.wechat.forgetsUnionid = true
  world.story.note(() => `${guest.name} binds by the number ${guest.number} in “${appId}”`)
  const credential = { type: 'phone', code: numberCodeOf(world, guest, appId) }
  return bindIn(world, { guest, appId, credential })
}

const setPassword = (world: World, guest: Guest, appId: string): object => ({
  code: codeOf(world, guest, appId),
  newPassword: `password${++world.serials.names}`,
})

const numberAndPassword = life(
  'a person with a number and a password comes by the number alone',
  0.8,
  async (world, guest) => {
    const apps = twoApps(world)
    if (apps === null) return
    const [one, two] = apps
    const first = await bindByNumber(world, guest, one)
    if (first === null) return
    const input = setPassword(world, guest, one)
    await act(world, first, { path: 'account.changePassword', input })
    await bindByNumber(world, guest, two)
  },
)

/** A number that is about to become another person's. */
const handedOn = life('a number is handed on after 90 days', 0.35, async (world, guest) => {
  const [one, two] = twoApps(world) ?? [world.config.appIds[0] ?? '', world.config.appIds[0] ?? '']
  const first = await bindByNumber(world, guest, one)
  if (first === null) return
  const isAlone = world.random.chance(0.5)
  if (isAlone) {
    const input = setPassword(world, guest, one)
    await act(world, first, { path: 'account.changePassword', input })
    const unbinding = { appId: one, everywhere: world.random.chance(0.5) }
    await act(world, first, { path: 'identity.unbind', input: unbinding })
  }
  const isOther = world.random.chance(0.7)
  // Carriers keep a returned number out of use for 90 days.
  await wait(world, (isOther || isAlone ? 91 : 89.9) * day)
  await bindByNumber(world, isOther ? { ...newGuest(world), number: guest.number } : guest, two)
})

/** Until the number is proven again, it may be that of who was shut out. */
const doubtful = life('a person unbinds, and comes by the number', 0.6, async (world, guest) => {
  const apps = twoApps(world)
  if (apps === null) return
  const [one, two] = apps
  const first = await bindByNumber(world, guest, one)
  const second = first && (await bindByNumber(world, guest, two))
  if (second?.user.id !== first?.user.id || second === null) return
  await act(world, second, { path: 'identity.unbind', input: { appId: one } })
  if (world.random.chance(0.5)) await bindByNumber(world, guest, one)
  const code = numberCodeOf(world, guest, two)
  await act(world, second, { path: 'account.bindPhone', input: { code } })
  await bindByNumber(world, guest, one)
})

export const lives: readonly Action[] = [
  sharedAccount,
  everywhere,
  numberAndPassword,
  doubtful,
  {
    ...handedOn,
    play(world) {
      handedOn.play(world)
      // Most of its calls end before the days pass.
      world.timeline.runUntil(world.timeline.now + 4_000)
      world.story.note(() => '91 days pass')
      world.timeline.runUntil(world.timeline.now + 91 * day)
    },
  },
]
