import type { Person } from '../world/people.ts'
import { makeCall } from '../world/phone/calls.ts'
import type { AppContext } from '../world/phone/phone.ts'
import type { SpentTicket, World } from '../world/world.ts'
import {
  type Action,
  later,
  launch,
  personOf,
  pickContext,
  pickContextThatIs,
  pickInstallation,
} from './action.ts'
import { signOutIn } from './phone.ts'
import { script } from './script.ts'
import { tapSignIn } from './tap.ts'
import { callOf, rename, type WindowAct } from './window-calls.ts'

/** Binds in any app of the service by the person's number, with a fresh login code. */
export function bindByNumber(world: World, person: Person): void {
  const { number } = person
  if (number === null) return
  const appId = world.random.pick(world.config.appIds)
  const openid = world.wechat.openid(person.name, appId)
  const code = world.wechat.phoneCode({ person: person.name, appId, openid, number })
  world.story.note(() => `${person.name} binds by the number ${number} in “${appId}”`)
  void bindByScript(world, { person, appId, credential: { type: 'phone', code } })
}

function bindByScript(
  world: World,
  { person, appId, credential }: { person: Person; appId: string; credential: object },
): Promise<unknown> {
  const proof = { appId, code: world.wechat.loginCode(person.name, appId) }
  return script(world, { path: 'bind', input: { proof, credential }, token: null })
}

/** Calls at about the pace at which access tokens expire: each of them may refresh. */
const useForAWhile: Action = {
  name: 'a person uses an app for a while',
  weight: 3,
  play(world) {
    const context = pickContextThatIs(world, 'signedIn') ?? pickContext(world)
    const count = world.random.between(3, 8)
    if (context.app.contexts.length < 3 && world.random.chance(0.4)) launch(world, context.app)
    world.story.note(() => `${context.app.device.person} uses ${context.name} for a while`)
    let delay = 0
    for (let index = 0; index < count; index++) {
      // Windows whose token ends at the same time refresh at the same time.
      const isEverywhere = world.random.chance(0.4)
      later(world, delay, () =>
        isEverywhere
          ? context.app.contexts.forEach((each) => void callOf(world, each))
          : callIn(world, context),
      )
      delay += world.config.accessTokenTtl * (0.2 + world.random.next())
    }
  },
}

/** A call in some window of the app. */
function callIn(world: World, { app }: AppContext): void {
  if (app.contexts.length === 0) return
  void callOf(world, world.random.pick(app.contexts))
}

const tapAgain: Action = {
  name: 'a person taps again and again',
  weight: 1,
  play(world) {
    const context = pickContext(world)
    for (let tap = 0; tap < 7; tap++)
      later(world, tap * world.random.between(20, 150), () => {
        if (context.isAlive) tapSignIn(world, context)
      })
  },
}

const inTwoWindows: Action = {
  name: 'a person acts in several windows at once',
  weight: 4,
  play(world) {
    const { random } = world
    const app = pickInstallation(world)
    while (app.contexts.length < 2) launch(world, app)
    const acts: readonly WindowAct[] = [signOutIn, signOutIn, tapSignIn, tapSignIn, callIn, rename]
    const isFast = random.chance(0.6)
    world.story.note(() => `${app.device.person} acts in several windows of “${app.appId}” at once`)
    for (let index = random.between(2, 4); index > 0; index--)
      later(world, random.between(0, isFast ? 40 : 3_000), () => {
        if (app.contexts.length === 0) return
        const act = random.pick(acts)
        act(world, world.random.pick(app.contexts))
      })
    if (random.chance(0.5) && app.contexts.length < 3)
      later(world, random.between(50, 8_000), () => launch(world, app))
  },
}

const passwordAtOnce: Action = {
  name: 'a password changes while somebody types it',
  weight: 1.5,
  play(world) {
    const context = pickContextThatIs(world, 'signedIn')
    if (context?.session.state.status !== 'signedIn') return
    const person = personOf(world, context.app.device)
    const { user } = context.session.state
    const known = person.accounts.find(({ account }) => account === user.account)
    if (known === undefined) return
    const currentPassword = known.password
    world.story.note(() => `${person.name} changes the password of ${known.account}, twice at once`)
    const change = (delay: number): void => {
      const newPassword = `password${++world.serials.names}`
      later(world, delay, () => {
        void makeCall(world, context, {
          label: 'account.changePassword',
          run: (options) =>
            context.api.account.changePassword.mutate({ currentPassword, newPassword }, options),
        }).then(({ outcome }) => {
          if (outcome?.kind === 'done') known.password = newPassword
        })
      })
    }
    change(0)
    if (world.random.chance(0.6)) change(world.random.between(0, 150))
    const stranger = world.random.pick(world.people)
    const appId = world.random.pick(world.config.appIds)
    const credential = { type: 'password', account: known.account, password: currentPassword }
    later(world, world.random.between(0, 150), () => {
      world.story.note(() => `${stranger.name} binds to ${known.account} in “${appId}” meanwhile`)
      void bindByScript(world, { person: stranger, appId, credential })
    })
  },
}

/** What is different when a call with a spent ticket comes again. */
const changes = ['nothing', 'the credential', 'the binding'] as const

const repeatTicket: Action = {
  name: 'a call with a spent ticket comes again',
  weight: 2.5,
  play(world) {
    const spent = world.loot.spent.at(-1)
    if (spent !== undefined) repeatSpent(world, spent)
  },
}

/** Sends the call with a spent ticket again, with something changed. */
export function repeatSpent(world: World, spent: SpentTicket): void {
  const change = world.random.pick(changes)
  if (change === 'the binding') unbindThere(world, spent)
  const input = change === 'the credential' ? withOtherCredential(world, spent) : spent.input
  later(world, world.random.between(100, 40_000), () => {
    world.story.note(
      () => `the call ${spent.path} of ${spent.person} comes again, with ${change} changed`,
    )
    void script(world, { path: spent.path, input, token: null })
  })
}

function unbindThere(world: World, { context }: SpentTicket): void {
  const { app, api } = context
  if (!context.isAlive) return
  world.story.note(
    () => `${app.device.person} calls identity.unbind ${app.appId} in ${context.name}`,
  )
  void makeCall(world, context, {
    label: 'identity.unbind',
    run: (options) => api.identity.unbind.mutate({ appId: app.appId }, options),
  })
}

function withOtherCredential(world: World, { input, path, ticket }: SpentTicket): object {
  if (path === 'register') return { ...input, password: `guess${++world.serials.names}` }
  const known = world.people.flatMap(({ accounts }) => accounts)
  const { account, password } =
    known.length > 0 ? world.random.pick(known) : { account: 'unknown', password: 'nothing' }
  const others = [
    { type: 'phone', code: 'made up' },
    { type: 'password', account, password },
  ]
  return { proof: { ticket }, credential: world.random.pick(others) }
}

const twoAccounts: Action = {
  name: 'a person gets two accounts before WeChat says that they are of one',
  weight: 1.2,
  play(world) {
    const { random, wechat, config, story } = world
    const person = random.pick(world.people)
    const [one, other] = random.chance(0.5) ? config.appIds : [...config.appIds].reverse()
    if (one === undefined || other === undefined) return
    for (const appId of [one, other]) if (random.chance(0.8)) wechat.platforms.set(appId, 'P')
    story.note(
      () =>
        `${person.name} registers in “${one}”, of which WeChat knows no unionid yet, and in “${other}”`,
    )
    const register = (appId: string): Promise<unknown> => {
      const proof = { appId, code: wechat.loginCode(person.name, appId) }
      const account = `${person.name.toLowerCase()}${++world.serials.names}`
      const password = `password${world.serials.names}`
      person.accounts.push({ account, password })
      return script(world, { path: 'register', input: { proof, account, password }, token: null })
    }
    wechat.forgetsUnionid = true
    void register(one)
      .then(() => register(other))
      .then(() => {
        const code = wechat.loginCode(person.name, one)
        return script(world, { path: 'miniLogin', input: { appId: one, code }, token: null })
      })
  },
}

const numberAlone: Action = {
  name: 'a person keeps a number and a password alone',
  weight: 1.5,
  play(world) {
    const context = pickContextThatIs(world, 'signedIn')
    if (context?.session.state.status !== 'signedIn') return
    const { user } = context.session.state
    const person = personOf(world, context.app.device)
    if (user.account !== null || user.phone === null) return
    const { api, app } = context
    const newPassword = `password${++world.serials.names}`
    const code = world.wechat.loginCode(person.name, app.appId)
    world.story.note(() => `${person.name} sets a first password and unbinds in ${context.name}`)
    void makeCall(world, context, {
      label: 'account.changePassword (the first one)',
      run: (options) => api.account.changePassword.mutate({ code, newPassword }, options),
    }).then(({ outcome }) => {
      if (outcome?.kind !== 'done' || !context.isAlive) return
      world.withNumberAlone = person
      if (person.number !== null)
        person.accounts.push({ account: person.number, password: newPassword })
      void makeCall(world, context, {
        label: 'identity.unbind',
        run: (options) =>
          api.identity.unbind.mutate({ appId: app.appId, everywhere: true }, options),
      })
    })
  },
}

export const sequences: readonly Action[] = [
  useForAWhile,
  tapAgain,
  inTwoWindows,
  passwordAtOnce,
  repeatTicket,
  twoAccounts,
  numberAlone,
]
