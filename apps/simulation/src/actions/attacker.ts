import { adminAccount, adminPassword } from '../world/admin/create-console.ts'
import { attackerName } from '../world/people.ts'
import { sessionOfRefreshToken } from '../world/server/tokens.ts'
import type { World } from '../world/world.ts'
import { type Action, later } from './action.ts'
import { guess, guessAtConsole } from './guesses.ts'
import { script } from './script.ts'

const copyToken: Action = {
  name: 'an attacker copies the tokens of a phone',
  weight: 1.2,
  play(world) {
    const full = world.devices.flatMap((device) =>
      [...device.apps.values()].flatMap((app) => {
        const stored = JSON.parse(app.storage.get('wx-session') ?? 'null') as StoredTokens | null
        return stored?.tokens === undefined || device.person === attackerName
          ? []
          : [{ app, tokens: stored.tokens }]
      }),
    )
    if (full.length === 0) return
    const { app, tokens } = world.random.pick(full)
    const sessionId = sessionOfRefreshToken(tokens.refreshToken)
    world.oracle.model.sessions.get(sessionId)?.excuses.add('a copied token')
    const copy = { ...tokens, sessionId, appId: app.appId }
    world.loot.tokens.push(copy)
    world.story.note(
      () => `${attackerName} copies the tokens of ${app.device.name}, “${app.appId}”`,
    )
    if (world.random.chance(0.6))
      later(world, world.random.between(0, 2_000), () => tryToken(world, copy))
  },
}

type CopiedToken = World['loot']['tokens'][number]

interface StoredTokens {
  readonly tokens?: { readonly accessToken: string; readonly refreshToken: string }
}

const useToken: Action = {
  name: 'an attacker uses a copied token',
  weight: 2.5,
  play(world) {
    if (world.loot.tokens.length > 0) tryToken(world, world.random.pick(world.loot.tokens))
  },
}

function tryToken(
  world: World,
  { accessToken, refreshToken, sessionId, appId }: CopiedToken,
): void {
  const { loot, random, story, observers } = world
  const userId = world.oracle.model.sessions.get(sessionId)?.userId ?? ''
  if (random.chance(0.17)) {
    story.note(() => `${attackerName} refreshes with the copied token`)
    void script(world, { path: 'session.refresh', input: { refreshToken }, token: null }).then(
      (renewed) => {
        if (renewed === null) return
        const tokens = renewed as never as StoredTokens['tokens'] & object
        loot.tokens.push({ ...tokens, sessionId, appId })
      },
    )
    return
  }
  const attempt = random.pick(attemptsWithToken(world, { sessionId, appId }))
  story.note(() => `${attackerName} calls ${attempt.path} with the copied token`)
  void script(world, { ...attempt, token: accessToken }).then((data) =>
    observers.attacked({
      name: `${attempt.path} with a copied token`,
      // A session that the attacker's own WeChat opened is the attacker's.
      isAllowed: attempt.path === 'me' || isOwn(world, sessionId),
      isGranted: data !== null,
      detail: `${attackerName} had ${attempt.path} granted for ${userId} with a copied token and no proof`,
    }),
  )
}

function attemptsWithToken(
  world: World,
  { sessionId, appId }: Pick<CopiedToken, 'sessionId' | 'appId'>,
) {
  // A login code of the attacker's own WeChat, and a number of the attacker's, prove nothing about the owner's.
  const code = world.wechat.loginCode(attackerName, appId)
  const newPassword = 'password of Mallory'
  const strangers = [...world.oracle.model.sessions.values()].filter(
    ({ userId }) => userId !== world.oracle.model.sessions.get(sessionId)?.userId,
  )
  return [
    { path: 'me', input: undefined },
    { path: 'account.delete', input: { confirm: true, code } },
    { path: 'account.delete', input: { confirm: true } },
    { path: 'account.changePassword', input: { code, newPassword } },
    { path: 'account.changePassword', input: { code, newPassword, account: 'mallory0' } },
    { path: 'account.changePassword', input: { newPassword } },
    {
      path: 'account.changePassword',
      input: { currentPassword: 'a guess of Mallory', newPassword },
    },
    { path: 'account.bindPhone', input: { code: phoneCodeOfAttacker(world, appId) } },
    ...strangers.slice(-1).map(({ id }) => ({ path: 'session.revoke', input: { sessionId: id } })),
  ]
}

function phoneCodeOfAttacker(world: World, appId: string): string {
  const { number } = world.people.find(({ name }) => name === attackerName) ?? { number: null }
  const openid = world.wechat.openid(attackerName, appId)
  return world.wechat.phoneCode({ person: attackerName, appId, openid, number: number ?? '' })
}

const isOwn = (world: World, sessionId: string): boolean => {
  const session = world.oracle.model.sessions.get(sessionId)
  return session !== undefined && world.wechat.personOf(session.openid) === attackerName
}

const learnPassword: Action = {
  name: 'a password leaks or is shared',
  weight: 1.2,
  play(world) {
    const learner = world.random.chance(0.5)
      ? world.people.find(({ name }) => name === attackerName)
      : world.random.pick(world.people)
    const others = world.people.filter((person) => person !== learner && person.accounts.length > 0)
    if (learner === undefined || others.length === 0) return
    const known = world.random.pick(world.random.pick(others).accounts)
    learner.accounts.push({ ...known })
    world.story.note(() => `${learner.name} learns the password of ${known.account}`)
  },
}

const spendTicket: Action = {
  name: 'an attacker uses a ticket of another person',
  weight: 1.5,
  play(world) {
    const { loot, random, story, observers } = world
    if (loot.tickets.length === 0) return
    const ticket = random.pick(loot.tickets)
    const mallory = world.people.find(({ name }) => name === attackerName)
    if (mallory === undefined) return
    const credential = random.chance(0.5)
      ? {
          type: 'password',
          account: mallory.accounts[0]?.account ?? 'unknown',
          password: mallory.accounts[0]?.password ?? 'nothing',
        }
      : { type: 'phone', code: 'made up' }
    story.note(
      () =>
        `${attackerName} binds with a ticket of another person and a ${credential.type} of her own`,
    )
    const used = world.oracle.ticketUsed(ticket)
    void script(world, {
      path: 'bind',
      input: { proof: { ticket }, credential },
      token: null,
    }).then((data) =>
      observers.attacked({
        name: 'bind with a spent ticket',
        isAllowed:
          !used || (credential.type === 'password' && isHers(world, data, credential.account)),
        isGranted: data !== null,
        detail: `a ticket that was used before signed ${attackerName} in`,
      }),
    )
  },
}

/** Whether what she got is the account whose password she typed. */
function isHers(
  { oracle }: World,
  data: Record<string, unknown> | null,
  account: string | undefined,
): boolean {
  const user = oracle.model.users.get((data?.['user'] as { id?: string } | undefined)?.id ?? '')
  return account !== undefined && [user?.account, user?.phone].includes(account)
}

const replayCode: Action = {
  name: 'a login code is sent again',
  weight: 1.5,
  play(world) {
    const { loot, random, story } = world
    if (loot.codes.length === 0) return
    const { appId, code } = random.pick(loot.codes)
    story.note(() => `${attackerName} sends a login code that was used before`)
    void script(world, { path: 'miniLogin', input: { appId, code }, token: null }).then((data) =>
      world.observers.attacked({
        name: 'a replayed login code',
        isAllowed: false,
        // It may be the first to arrive, where the call that it was copied from was lost.
        isGranted: data !== null && world.oracle.codeUsedBefore(code),
        detail: 'a login code signed in twice',
      }),
    )
  },
}

const adminWithoutFactor: Action = {
  name: "an attacker has the administrator's password",
  weight: 1,
  play(world) {
    const browser = { token: null, browserToken: null }
    world.story.note(
      () => `${attackerName} signs in to the console with the administrator's password alone`,
    )
    void (async () => {
      await world.console.callFrom(browser, {
        path: 'account.signIn',
        input: { account: adminAccount, password: adminPassword },
      })
      const attempts = [
        { path: 'people.list', input: { limit: 5 } },
        { path: 'account.enrol', input: { enrolmentCode: 'a guess' } },
        { path: 'account.proveCode', input: { code: '000000' } },
        { path: 'people.disable', input: { userId: 'administrator' } },
        { path: 'account.current', input: undefined },
      ]
      const attempt = world.random.pick(attempts)
      const result = await world.console.callFrom(browser, attempt)
      world.observers.attacked({
        name: "the administrator's password without the second factor",
        isAllowed: false,
        isGranted: 'data' in result,
        detail: `${attempt.path} was granted without the second factor`,
      })
    })()
  },
}

const consoleWithToken: Action = {
  name: 'a mini program token is tried at the console',
  weight: 0.5,
  play(world) {
    const tokens = world.loot.tokens.at(-1)
    if (tokens === undefined) return
    const browser = { token: null, browserToken: null }
    world.story.note(() => `${attackerName} tries the copied token at the console`)
    void world.console
      .callFrom(browser, {
        path: 'people.list',
        input: { limit: 5 },
        accessToken: tokens.accessToken,
      })
      .then((result) =>
        world.observers.attacked({
          name: 'a token of a mini program at the console',
          isAllowed: false,
          isGranted: 'data' in result,
          detail: 'the console took an access token of a mini program',
        }),
      )
  },
}

const adminInApp: Action = {
  name: "the administrator's password is tried in an app",
  weight: 0.7,
  play(world) {
    const appId = world.random.pick(world.config.appIds)
    const proof = { appId, code: world.wechat.loginCode(attackerName, appId) }
    const credential = { type: 'password', account: adminAccount, password: adminPassword }
    world.story.note(() => `${attackerName} binds to the administrator's account in “${appId}”`)
    void script(world, { path: 'bind', input: { proof, credential }, token: null }).then((data) =>
      world.observers.attacked({
        name: 'an administrator in a mini program',
        isAllowed: false,
        isGranted: data !== null,
        detail: 'an app signed an administrator in',
      }),
    )
  },
}

export const attackerActions: readonly Action[] = [
  copyToken,
  useToken,
  learnPassword,
  spendTicket,
  guess,
  guessAtConsole,
  replayCode,
  adminWithoutFactor,
  consoleWithToken,
  adminInApp,
]
