import { ownerOf } from '../oracle/model.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

interface ProvenRequest {
  readonly caller: { readonly sessionId: string; readonly userId: string }
  readonly provenBy: { readonly appId: string; readonly openid: string } | null
  readonly from?: string | null
}

/** Verbs that rest on a fresh proof of the caller's WeChat. */
const provenVerbs = ['users.removeCaller', 'users.changePassword', 'users.setPhone']
const refusals = ['unproven', 'outdated', 'unnamed', 'taken', 'account_taken']
const refusedCallers = ['unauthenticated', 'user_disabled']

export const ownProof: Invariant = {
  name: 'own-proof',
  sentence:
    'A user is deleted, and gets a first password or a number, by a proof of the WeChat that the session belongs to.',
  sees: 'before',
  watch(world, fail) {
    return {
      committed({ name, args, result }) {
        if (!provenVerbs.includes(name)) return
        if ([...refusals, ...refusedCallers].includes(result as string)) return
        const fault = faultOf(world, args[0] as ProvenRequest)
        if (fault !== null) fail(`${name} ${fault}`)
      },
    }
  },
}

function faultOf({ oracle }: World, { caller, provenBy, from }: ProvenRequest): string | null {
  const { model, personOf } = oracle
  const known = model.users.get(caller.userId)?.passwordHash ?? null
  if (provenBy === null) {
    if (known === null) return 'set a first password without a proof'
    return from === known ? null : 'took a password that the user does not have'
  }
  if (from !== undefined && known !== null) return 'replaced a password without its proof'
  const session = model.sessions.get(caller.sessionId)
  if (session === undefined || personOf(session.openid) !== personOf(provenBy.openid))
    return 'took the proof of another WeChat than the session is of'
  return ownerOf(model, provenBy)?.id === caller.userId
    ? null
    : 'took the proof of a WeChat that is not bound to the user'
}
