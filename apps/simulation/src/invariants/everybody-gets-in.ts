import { type Model, ownerOf } from '../oracle/model.ts'
import type { Installation } from '../world/phone/phone.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

export const everybodyGetsIn: Invariant = {
  name: 'everybody-gets-in',
  sentence:
    'When everything works again, each person who taps “sign in” is signed in as the user to whom the WeChat is bound.',
  sees: 'after',
  watch(world, fail) {
    return {
      ended() {
        for (const { apps } of world.devices)
          for (const app of apps.values()) {
            const fault = faultOf(world, app)
            if (fault !== null) return fail(fault)
          }
      },
    }
  },
}

/** What is wrong with the state of an app's newest context; null where nothing is. */
function faultOf(
  { wechat, oracle, config }: World,
  { appId, device, contexts }: Installation,
): string | null {
  const state = contexts.at(-1)?.session.state
  if (state === undefined) return null
  const identity = { appId, openid: wechat.openid(device.person, appId) }
  const owner = ownerOf(oracle.model, identity)
  const who = `${device.name}, ${appId}`
  // An app that was signed in stays so, and each of its calls is refused with the reason. Another identity of the same
  // person may prove who it is.
  const isDisabled = [...oracle.model.users.values()].some(
    (user) =>
      user.isDisabled &&
      [...user.bindings.values()].some(({ openid }) => oracle.personOf(openid) === device.person),
  )
  if (isDisabled && state.status !== 'unbound') return null
  if (state.status === 'signedIn')
    // An unbinding keeps the session that asked for it.
    return owner?.id === state.user.id || hasSession(oracle.model, identity, state.user.id)
      ? null
      : `${who} shows user ${state.user.id}, and the WeChat is bound to ${owner?.id ?? 'no user'}`
  if (owner === null)
    return state.status === 'unbound' && config.signUp === 'bind'
      ? null
      : `${who} is ${state.status} although WeChat and the service work`
  return `${who} is ${state.status}, and the WeChat is bound to user ${owner.id}`
}

const hasSession = (
  model: Model,
  { appId, openid }: { appId: string; openid: string },
  user: string,
): boolean =>
  [...model.sessions.values()].some(
    (session) =>
      session.ended === null &&
      session.userId === user &&
      session.appId === appId &&
      session.openid === openid,
  )
