import type { World } from '../world/world.ts'
import type { Action } from './action.ts'
import {
  bindIn,
  byPassword,
  codeOf,
  enterApp,
  type GuestAccount,
  newGuest,
  numberCodeOf,
  registerIn,
  ticketOf,
} from './guests.ts'
import { life, wait } from './lives.ts'
import { script } from './script.ts'

const minute = 60_000

/** Limits that are multiplied are out of reach. */
const ifLimited = (action: Action): Action => ({
  ...action,
  play(world) {
    if (world.config.rateLimitFactor === 1) action.play(world)
  },
})

interface Tries {
  readonly appId: string
  readonly account: GuestAccount
}

async function tryPasswords(
  world: World,
  { appId, account }: Tries,
  { count, isRight }: { count: number; isRight: boolean },
): Promise<void> {
  for (let index = 0; index < count; index++) {
    const typed = isRight ? account : { ...account, password: `wrong ${index}` }
    await bindIn(world, { guest: newGuest(world), appId, credential: byPassword(typed) })
  }
}

/** As many right ones as wrong ones would be too many; wrong ones with a right one between; or a wait until the window ends. */
const passwords = ifLimited(
  life('passwords of one account are typed again and again', 0.9, async (world, guest) => {
    const { random, config } = world
    const appId = random.pick(config.appIds)
    const account = await registerIn(world, guest, appId)
    if (account === null) return
    const tries = { appId, account }
    const how = random.pick(['right', 'between', 'late'] as const)
    world.story.note(() => `passwords of ${account.account} are typed: ${how}`)
    if (how === 'right') return tryPasswords(world, tries, { count: 12, isRight: true })
    const wrong = { count: how === 'late' ? 10 : random.between(4, 9), isRight: false }
    await tryPasswords(world, tries, wrong)
    if (how === 'late') await wait(world, (15 + random.between(1, 13)) * minute)
    await tryPasswords(world, tries, { count: 1, isRight: true })
    await tryPasswords(world, tries, { count: 7, isRight: false })
  }),
)

const numbers = ifLimited(
  life('a number is proven again and again', 0.25, async (world, guest) => {
    const appId = world.random.pick(world.config.appIds)
    for (let index = 0; index < 12; index++) {
      const credential = { type: 'phone', code: numberCodeOf(world, guest, appId) }
      await bindIn(world, { guest, appId, credential })
    }
  }),
)

/** A password that could not be verified was not guessed: neither for its account, nor for its ticket. */
const overloaded = life('the queue of passwords is full for a while', 0.5, async (world, guest) => {
  const { random, config } = world
  if (config.noise.overloaded === 0) return
  const appId = random.pick(config.appIds)
  const account = await registerIn(world, guest, appId)
  const ticket = await ticketOf(world, newGuest(world), appId)
  if (account === null || ticket === null) return
  world.story.note(() => 'the queue of passwords is full')
  const { noise } = world
  world.noise = { ...noise, overloaded: 1 }
  const credential = byPassword(account)
  for (let index = 0; index < 11; index++)
    await script(world, { path: 'bind', input: { proof: { ticket }, credential }, token: null })
  world.noise = { ...world.noise, overloaded: noise.overloaded }
  await script(world, { path: 'bind', input: { proof: { ticket }, credential }, token: null })
})

/** A user has a hundred sessions at most; the oldest goes. */
const manySessions = life('a person signs in a hundred times', 0.06, async (world, guest) => {
  const appId = world.random.pick(world.config.appIds)
  const first = await registerIn(world, guest, appId)
  if (first === null) return
  world.story.note(() => `${guest.name} signs in a hundred times`)
  for (let index = 0; index < 103; index++) {
    await enterApp(world, guest, appId)
    await wait(world, 1_000)
  }
})

/** After many sign-ins of one WeChat another one signs in. */
const oneOfMany = ifLimited(
  life('one WeChat signs in too often', 0.3, async (world, guest) => {
    const appId = world.random.pick(world.config.appIds)
    world.story.note(() => `${guest.name} signs in to “${appId}” 64 times`)
    const calls = Array.from({ length: 64 }, async (_, index) => {
      await wait(world, index * 40)
      const input = { appId, code: codeOf(world, guest, appId) }
      await script(world, { path: 'miniLogin', input, token: null })
    })
    await Promise.all(calls)
    for (let index = 0; index < 3; index++) await enterApp(world, newGuest(world), appId)
  }),
)

export const patience: readonly Action[] = [passwords, numbers, overloaded, manySessions, oneOfMany]
