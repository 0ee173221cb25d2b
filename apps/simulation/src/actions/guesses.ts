import { attackerName } from '../world/people.ts'
import type { World } from '../world/world.ts'
import type { Action } from './action.ts'
import { script } from './script.ts'

/** Calls of a script in a row, a few ms apart. */
interface Flood {
  readonly what: string
  readonly count: number
  readonly path: string
  input(index: number): object
}

const ownCode = (world: World, appId: string): string => world.wechat.loginCode(attackerName, appId)

/** Limits that are multiplied are out of reach. */
const isLimited = ({ config }: World): boolean => config.rateLimitFactor === 1

function passwords(world: World, account: string): Flood {
  const { random, loot, config } = world
  const ticket = loot.tickets.length > 0 && random.chance(0.5) ? loot.tickets.at(-1) : undefined
  // As many as are too many: twice the limit, because a window begins with its first try.
  const isLong = isLimited(world) && ticket === undefined
  const appId = random.pick(config.appIds)
  return {
    what: `passwords for ${account}`,
    count: isLong ? random.between(20, 60) : random.between(7, 24),
    path: 'bind',
    input: (index) => ({
      proof: ticket === undefined ? { appId, code: ownCode(world, appId) } : { ticket },
      credential: { type: 'password', account, password: `guess ${index}` },
    }),
  }
}

function names(world: World, account: string): Flood {
  const { random, loot, config } = world
  const ticket = loot.tickets.length > 0 && random.chance(0.5) ? loot.tickets.at(-1) : undefined
  const appId = random.pick(config.appIds)
  return {
    what: `times whether ${account} is taken`,
    count: random.between(8, 16),
    path: 'register',
    input: (index) => ({
      proof: ticket === undefined ? { appId, code: ownCode(world, appId) } : { ticket },
      ...{ account, password: `password of a guess ${index}` },
    }),
  }
}

function phoneCodes(world: World, ticket: string): Flood {
  return {
    what: 'phone codes',
    count: isLimited(world) ? world.random.between(15, 30) : 3,
    path: 'bind',
    input: (index) => ({
      proof: { ticket },
      credential: { type: 'phone', code: `made up ${index}` },
    }),
  }
}

function signIns(world: World): Flood {
  const appId = world.random.pick(world.config.appIds)
  return {
    what: 'sign-ins',
    count: isLimited(world) ? world.random.between(60, 150) : 5,
    path: 'miniLogin',
    input: () => ({ appId, code: ownCode(world, appId) }),
  }
}

export const guess: Action = {
  name: 'an attacker guesses',
  weight: 0.9,
  play(world) {
    const accounts = world.people.flatMap((person) => person.accounts)
    if (accounts.length === 0) return
    const { account } = world.random.pick(accounts)
    const ticket = world.loot.tickets.at(-1)
    const drawn = world.random.next()
    const flood =
      drawn < 0.6
        ? passwords(world, account)
        : drawn < 0.75
          ? names(world, account)
          : drawn < 0.92 && ticket !== undefined
            ? phoneCodes(world, ticket)
            : signIns(world)
    world.story.note(() => `${attackerName} tries ${flood.count} ${flood.what}`)
    for (let index = 0; index < flood.count; index++)
      world.timeline.after(index * 40, () => {
        void script(world, { path: flood.path, input: flood.input(index), token: null })
      })
  },
}
