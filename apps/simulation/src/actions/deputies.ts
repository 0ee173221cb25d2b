import type { Browser, ConsoleResult } from '../world/admin/console.ts'
import type { World } from '../world/world.ts'
import type { Action } from './action.ts'
import { life } from './lives.ts'

/** A second administrator, whom the first one has added, in a browser. */
interface Deputy {
  readonly id: string
  readonly account: string
  password: string
  readonly browser: Browser
  readonly enrolmentCode: string
  readonly secret: string
  readonly recoveryCodes: readonly string[]
}

const newBrowser = (): Browser => ({ token: null, browserToken: null })

/** How long a code of an authenticator app is shown, in ms: it counts once. */
const codeMs = 30_000

const codeOf = (world: World, secret: string): string => {
  const { totp } = world.secondFactor as unknown as {
    totp: { codeAt(secret: string, now: number): string }
  }
  return totp.codeAt(secret, world.timeline.now)
}

const dataOf = <T>(result: ConsoleResult): T | null =>
  'data' in result ? (result.data as T) : null

const signIn = (world: World, browser: Browser, typed: { account: string; password: string }) =>
  world.console.callFrom(browser, {
    path: 'account.signIn',
    input: { account: typed.account, password: typed.password },
  })

const prove = (world: World, browser: Browser, code: string) =>
  world.console.callFrom(browser, { path: 'account.proveCode', input: { code } })

/** Calls as the first administrator with a code that has not been used. */
async function asFirst(world: World, path: string, input: object): Promise<ConsoleResult> {
  await world.timeline.pause(2 * codeMs)
  const code = await world.console.freshCode()
  return code === null ? { lost: true } : world.console.call(path, { ...input, code })
}

async function addDeputy(world: World): Promise<Deputy | null> {
  const serial = ++world.serials.names
  const [account, password] = [`deputy${serial}`, `password of deputy${serial}`]
  world.story.note(() => `the administrator adds ${account}`)
  const added = dataOf<{ id: string; enrolmentCode: string }>(
    await asFirst(world, 'administrators.add', { account, password }),
  )
  if (added === null) return null
  const browser = newBrowser()
  await signIn(world, browser, { account, password })
  const { enrolmentCode } = added
  const enrolled = dataOf<{ secret: string }>(
    await world.console.callFrom(browser, { path: 'account.enrol', input: { enrolmentCode } }),
  )
  if (enrolled === null) return null
  const { secret } = enrolled
  const proved = dataOf<{ recoveryCodes: readonly string[] }>(
    await prove(world, browser, codeOf(world, secret)),
  )
  if (proved === null || proved.recoveryCodes.length === 0) return null
  const { recoveryCodes } = proved
  return { id: added.id, account, password, browser, enrolmentCode, secret, recoveryCodes }
}

/** Says that something was granted or not, which it must not be. */
const mustNot = (world: World, name: string, result: ConsoleResult): void =>
  world.observers.attacked({
    name,
    isAllowed: false,
    isGranted: 'data' in result,
    detail: `${name} was granted`,
  })

/** Says that it was refused for a wrong credential, although all was right. */
const mustNotRefuse = (world: World, what: string, result: ConsoleResult): void => {
  const isWrong = 'reason' in result && /credential_rejected|forbidden/.test(result.reason)
  if (isWrong && world.serviceClock === 0) world.fail('refused-rightly', `${what} was refused`)
}

const look = (world: World, browser: Browser): Promise<ConsoleResult> =>
  world.console.callFrom(browser, { path: 'account.current' })

/** A code of the authenticator app counts once, in any session. */
async function reuseCode(world: World, deputy: Deputy): Promise<void> {
  await world.timeline.pause(2 * codeMs)
  const [one, other] = [newBrowser(), newBrowser()]
  const code = codeOf(world, deputy.secret)
  for (const browser of [one, other]) await signIn(world, browser, deputy)
  const first = await prove(world, one, code)
  const second = await prove(world, other, code)
  if ('data' in first) mustNot(world, 'a code of the second factor that was used', second)
  if (!('data' in first) || !('data' in second)) mustNotRefuse(world, 'a fresh code', first)
}

async function reuseRecovery(world: World, deputy: Deputy): Promise<void> {
  const [code = ''] = deputy.recoveryCodes
  const [one, other] = [newBrowser(), newBrowser()]
  for (const browser of [one, other]) await signIn(world, browser, deputy)
  const first = await prove(world, one, code)
  mustNotRefuse(world, 'a recovery code', first)
  if ('data' in first)
    mustNot(world, 'a recovery code that was used', await prove(world, other, code))
}

async function renewRecovery(world: World, deputy: Deputy): Promise<void> {
  await world.timeline.pause(2 * codeMs)
  const renewed = await world.console.callFrom(deputy.browser, {
    path: 'account.renewRecoveryCodes',
    input: { code: codeOf(world, deputy.secret) },
  })
  if (!('data' in renewed)) return
  const browser = newBrowser()
  await signIn(world, browser, deputy)
  const [, former = ''] = deputy.recoveryCodes
  mustNot(world, 'a recovery code that was replaced', await prove(world, browser, former))
}

async function changePassword(world: World, deputy: Deputy): Promise<void> {
  const other = newBrowser()
  await signIn(world, other, deputy)
  await world.timeline.pause(2 * codeMs)
  await prove(world, other, codeOf(world, deputy.secret))
  await world.timeline.pause(2 * codeMs)
  const former = deputy.password
  const newPassword = `another ${former}`
  const input = { currentPassword: former, newPassword, code: codeOf(world, deputy.secret) }
  const changed = await world.console.callFrom(deputy.browser, {
    path: 'account.changePassword',
    input,
  })
  mustNotRefuse(world, 'a new password of an administrator', changed)
  if (!('data' in changed)) return
  deputy.password = newPassword
  mustNot(
    world,
    'another session of an administrator with a new password',
    await look(world, other),
  )
  mustNotRefuse(world, 'the session that changed the password', await look(world, deputy.browser))
  mustNot(
    world,
    'the former password of an administrator',
    await signIn(world, newBrowser(), { ...deputy, password: former }),
  )
  mustNotRefuse(world, 'the new password', await signIn(world, newBrowser(), deputy))
}

/** Ends what a deputy has, in the way that the path says. */
const endBy =
  (path: string, isProven: boolean) =>
  async (world: World, deputy: Deputy): Promise<void> => {
    const first = newBrowser()
    await signIn(world, first, deputy)
    const input = { userId: deputy.id }
    const ended = isProven
      ? await asFirst(world, path, input)
      : await world.console.call(path, input)
    if (!('data' in ended)) return
    mustNot(world, `a session of an administrator after ${path}`, await look(world, deputy.browser))
    if (path === 'people.endSessions') return
    await world.timeline.pause(2 * codeMs)
    const code = codeOf(world, deputy.secret)
    mustNot(world, `a second factor after ${path}`, await prove(world, first, code))
    const enrolled = await world.console.callFrom(first, {
      path: 'account.enrol',
      input: { enrolmentCode: deputy.enrolmentCode },
    })
    mustNot(world, 'an enrolment code that was used', enrolled)
    if (path === 'administrators.resetFactor') return
    const again = await signIn(world, newBrowser(), deputy)
    mustNot(world, `the password of an administrator after ${path}`, again)
  }

async function wrongCode(world: World, deputy: Deputy): Promise<void> {
  const input = { userId: 'administrator', code: '000000' }
  const removed = await world.console.callFrom(deputy.browser, {
    path: 'administrators.remove',
    input,
  })
  mustNot(world, 'the removal of an administrator without a code', removed)
  const oneself = await world.console.callFrom(deputy.browser, {
    path: 'people.disable',
    input: { userId: deputy.id },
  })
  mustNot(world, 'that an administrator disables themselves', oneself)
}

const deeds = [
  reuseCode,
  reuseRecovery,
  renewRecovery,
  changePassword,
  endBy('administrators.remove', true),
  endBy('administrators.resetFactor', true),
  endBy('people.disable', false),
  endBy('people.endSessions', false),
  wrongCode,
]

/** In worlds whose limits are out of reach: tries of a deputy would count with those of the guesses at the console. */
const withDeputy = life('there is a second administrator', 0.5, async (world) => {
  if (world.config.rateLimitFactor === 1) return
  const deed = world.random.pick(deeds)
  const deputy = await addDeputy(world)
  if (deputy !== null) await deed(world, deputy)
})

export const deputyLives: readonly Action[] = [withDeputy]
