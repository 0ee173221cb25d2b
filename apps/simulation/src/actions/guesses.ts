import { adminAccount, adminPassword } from '../world/admin/create-console.ts'
import { attackerName } from '../world/people.ts'
import type { World } from '../world/world.ts'
import type { Action } from './action.ts'
import { newGuest, ticketOf } from './guests.ts'
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

/** What proves a WeChat: a ticket, or a login code for each call. */
interface Means {
  readonly appId: string
  readonly ticket: string | null
}

const proofOf = (world: World, { appId, ticket }: Means): object =>
  ticket === null ? { appId, code: ownCode(world, appId) } : { ticket }

function passwords(world: World, means: Means, account: string): Flood {
  const { random } = world
  // As many as are too many: twice the limit, because a window begins with its first try.
  const isLong = isLimited(world) && means.ticket === null
  return {
    what: `passwords for ${account}`,
    count: isLong ? random.between(21, 40) : random.between(11, 24),
    path: 'bind',
    input: (index) => ({
      proof: proofOf(world, means),
      credential: { type: 'password', account, password: `guess ${index}` },
    }),
  }
}

const names = (world: World, means: Means, account: string): Flood => ({
  what: `times whether ${account} is taken`,
  count: isLimited(world) ? world.random.between(11, 16) : 8,
  path: 'register',
  input: (index) => ({
    proof: proofOf(world, means),
    ...{ account, password: `password of a guess ${index}` },
  }),
})

const phoneCodes = (world: World, means: Means): Flood => ({
  what: 'phone codes',
  count: isLimited(world) ? world.random.between(21, 26) : 3,
  path: 'bind',
  input: (index) => ({
    proof: proofOf(world, means),
    credential: { type: 'phone', code: `made up ${index}` },
  }),
})

const signIns = (world: World, { appId }: Means): Flood => ({
  what: 'sign-ins',
  count: isLimited(world) ? world.random.pick([20, 65]) : 5,
  path: 'miniLogin',
  input: () => ({ appId, code: ownCode(world, appId) }),
})

const loginCodes = (world: World, { appId }: Means): Flood => ({
  what: 'made up login codes',
  count: isLimited(world) && world.config.nodeCount === 1 ? world.random.pick([20, 140]) : 5,
  path: 'miniLogin',
  input: () => ({ appId, code: `made up ${++world.serials.names}` }),
})

function drawFlood(world: World, means: Means, account: string): Flood {
  const drawn = world.random.next()
  if (drawn < 0.45) return passwords(world, means, account)
  if (drawn < 0.65) return names(world, means, account)
  if (drawn < 0.82) return phoneCodes(world, means)
  return drawn < 0.96 ? signIns(world, means) : loginCodes(world, means)
}

async function drawMeans(world: World): Promise<Means> {
  const { random, loot } = world
  const appId = random.pick(world.config.appIds)
  const drawn = random.next()
  if (drawn < 0.5) return { appId, ticket: null }
  const copied = drawn < 0.6 ? loot.tickets.at(-1) : undefined
  return { appId, ticket: copied ?? (await ticketOf(world, newGuest(world), appId)) }
}

export const guess: Action = {
  name: 'an attacker guesses',
  weight: 1.5,
  play(world) {
    const accounts = world.people.flatMap((person) => person.accounts)
    const account = accounts.length === 0 ? adminAccount : world.random.pick(accounts).account
    void drawMeans(world).then((means) => {
      const flood = drawFlood(world, means, account)
      world.story.note(() => `${attackerName} tries ${flood.count} ${flood.what}`)
      for (let index = 0; index < flood.count; index++)
        world.timeline.after(index * 40, () => {
          void script(world, { path: flood.path, input: flood.input(index), token: null })
        })
    })
  },
}

/** Tries the administrator's password or, with the password, codes of the second factor, in as many sessions. */
export const guessAtConsole: Action = {
  name: 'an attacker guesses at the console',
  weight: 0.6,
  play(world) {
    const isCode = world.random.chance(0.5)
    const count = isLimited(world) ? (isCode ? 12 : 22) : 4
    world.story.note(
      () => `${attackerName} tries ${count} ${isCode ? 'codes' : 'passwords'} of the administrator`,
    )
    for (let index = 0; index < count; index++)
      world.timeline.after(index * 200, () => void tryAtConsole(world, index, isCode))
  },
}

async function tryAtConsole(world: World, index: number, isCode: boolean): Promise<void> {
  const browser = { token: null, browserToken: null }
  const password = isCode ? adminPassword : `guess ${index}`
  const input = { account: adminAccount, password }
  const signedIn = await world.console.callFrom(browser, { path: 'account.signIn', input })
  if (!isCode || !('data' in signedIn)) return
  const code = String(index).padStart(6, '0')
  const proved = await world.console.callFrom(browser, {
    path: 'account.proveCode',
    input: { code },
  })
  world.observers.attacked({
    name: 'a guessed code of the second factor',
    isAllowed: false,
    isGranted: 'data' in proved,
    detail: `the code ${code} of the second factor was accepted`,
  })
}
