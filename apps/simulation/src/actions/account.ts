import type { Person } from '../world/people.ts'
import { makeCall } from '../world/phone/calls.ts'
import type { AppContext, PhoneOutcome } from '../world/phone/phone.ts'
import type { World } from '../world/world.ts'
import { type Action, personOf, pickContext, pickContextThatIs } from './action.ts'

/** Makes a call of a signed-in person. */
function callAction(
  name: string,
  weight: number,
  make: (
    world: World,
    context: AppContext,
    person: Person,
  ) => {
    label: string
    run(options: { context: { callId: string } }): Promise<unknown>
    onDone?(outcome: PhoneOutcome): void
  } | null,
): Action {
  return {
    name,
    weight,
    play(world) {
      const context = world.random.chance(0.9)
        ? (pickContextThatIs(world, 'signedIn') ?? pickContext(world))
        : pickContext(world)
      const person = personOf(world, context.app.device)
      const call = make(world, context, person)
      if (call === null) return
      world.story.note(() => `${person.name} calls ${call.label} in ${context.name}`)
      void makeCall(world, context, call).then(({ outcome }) => outcome && call.onDone?.(outcome))
    },
  }
}

const look = callAction('a person looks', 14, (world, { api }) => {
  const which = world.random.below(3)
  if (which === 0) return { label: 'me', run: (options) => api.me.query(undefined, options) }
  if (which === 1)
    return { label: 'session.list', run: (options) => api.session.list.query(undefined, options) }
  return { label: 'identity.list', run: (options) => api.identity.list.query(undefined, options) }
})

const rename = callAction('a person changes the nickname', 10, (world, { api, session }) => {
  const nickname = `nick${++world.serials.names}`
  return {
    label: `account.updateProfile ${nickname}`,
    run: async (options) => {
      const { user } = await api.account.updateProfile.mutate({ nickname }, options)
      void session.updateUser(user)
      return user
    },
  }
})

const together = callAction('a page loads', 6, (_world, { api }) => ({
  label: 'me and session.list',
  run: (options) =>
    Promise.all([api.me.query(undefined, options), api.session.list.query(undefined, options)]),
}))

const endSession = callAction('a person ends sessions', 4, (world, context) => {
  const { api } = context
  if (world.random.chance(0.5))
    return {
      label: 'session.revokeOthers',
      run: (options) => api.session.revokeOthers.mutate(undefined, options),
    }
  const { random } = world
  const of = context.session.state
  const ids = [...world.oracle.model.sessions.values()]
    .filter(
      ({ userId, ended }) => of.status === 'signedIn' && userId === of.user.id && ended === null,
    )
    .map(({ id }) => id)
  const sessionId = ids.length === 0 || random.chance(0.1) ? 'no-such-session' : random.pick(ids)
  return {
    label: 'session.revoke',
    run: (options) => api.session.revoke.mutate({ sessionId }, options),
  }
})

const unbind = callAction('a person unbinds', 4, (world, { api, app }) => {
  const appId = world.random.chance(0.6) ? app.appId : world.random.pick(world.config.appIds)
  const everywhere = world.random.chance(0.4)
  return {
    label: `identity.unbind ${appId}${everywhere ? ' everywhere' : ''}`,
    run: (options) => api.identity.unbind.mutate({ appId, everywhere }, options),
  }
})

const changePassword = callAction(
  'a person changes the password',
  4,
  (world, { api, app, session }, person) => {
    const newPassword = world.random.chance(0.03) ? 'password' : `password${++world.serials.names}`
    const account = session.state.status === 'signedIn' ? session.state.user.account : null
    const known = person.accounts.find((each) => each.account === account)
    if (known !== undefined && world.random.chance(0.95))
      return {
        label: 'account.changePassword',
        run: (options) =>
          api.account.changePassword.mutate(
            { currentPassword: known.password, newPassword },
            options,
          ),
        onDone: (outcome) => {
          if (outcome.kind === 'done') known.password = newPassword
        },
      }
    const name = account ?? `${person.name.toLowerCase()}${++world.serials.names}`
    const code = world.wechat.loginCode(person.name, app.appId)
    // A number is a name to sign in with, too.
    const phone = session.state.status === 'signedIn' ? session.state.user.phone : null
    const isNamed = account === null && (phone === null || world.random.chance(0.5))
    return {
      label: 'account.changePassword (the first one)',
      run: (options) =>
        api.account.changePassword.mutate(
          isNamed ? { code, newPassword, account: name } : { code, newPassword },
          options,
        ),
      onDone: (outcome) => {
        if (outcome.kind !== 'done') return
        const typed = isNamed || account !== null ? name : person.number
        if (typed !== null) person.accounts.push({ account: typed, password: newPassword })
      },
    }
  },
)

const bindPhone = callAction('a person proves the number', 5, (world, { api, app }, person) => {
  const code = phoneCodeOf(world, app.appId, person)
  return {
    label: 'account.bindPhone',
    run: (options) => api.account.bindPhone.mutate({ code }, options),
  }
})

const decrypt = callAction('an app reads open data', 2, (world, { api, app }, person) => {
  const { wechat, timeline, random } = world
  const openid = wechat.openid(person.name, app.appId)
  const sessionKey = random.chance(0.9) ? wechat.sessionKey(openid) : 'another key'
  const draft = { appId: app.appId, openid, sessionKey, at: timeline.now, data: { openid } }
  const data = world.product.server.encryptOpenData(draft)
  return { label: 'openData.decrypt', run: (options) => api.openData.decrypt.mutate(data, options) }
})

const remove = callAction('a person deletes the account', 1, (world, { api, app }, person) => {
  const code = world.random.chance(0.8)
    ? { code: world.wechat.loginCode(person.name, app.appId) }
    : {}
  return {
    label: 'account.delete',
    run: (options) => api.account.delete.mutate({ confirm: true, ...code }, options),
  }
})

/** What a getPhoneNumber button gives the person; a number that the person no longer has cannot be proven. */
export function phoneCodeOf(world: World, appId: string, person: Person): string {
  if (person.number === null || world.random.chance(0.05)) return 'no such code'
  const openid = world.wechat.openid(person.name, appId)
  return world.wechat.phoneCode({ person: person.name, appId, openid, number: person.number })
}

export const accountActions: readonly Action[] = [
  look,
  rename,
  together,
  endSession,
  unbind,
  changePassword,
  bindPhone,
  decrypt,
  remove,
]
