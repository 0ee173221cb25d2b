import type { Identity } from '@mianmi/core'
import type { Model } from '../../oracle/model.ts'
import { hashOf } from '../../world/server/node.ts'
import type { CommittedVerb } from '../../world/server/service.ts'
import { readAccessToken, sessionOfRefreshToken } from '../../world/server/tokens.ts'
import type { Snapshot } from '../database/database.ts'
import type { ObservedCall } from '../traffic.ts'
import {
  type CallInput,
  type Effect,
  type Facts,
  identityOfProof,
  inputOf,
  type SignInEffect,
} from './events.ts'

/** What is known where a call takes effect. */
export interface VerbContext {
  readonly model: Model
  readonly facts: Facts
  readonly snapshot: Snapshot
  isTicketUsed(ticket: string): boolean
}

type Verb = Pick<CommittedVerb, 'name' | 'args' | 'result'>

const verb = (name: string, args: readonly unknown[], result: unknown): Verb => ({
  name,
  args,
  result,
})

/** The verbs of the stores that a call with this effect is made of, as the oracle and the sentences take them. */
export function verbsOf(context: VerbContext, call: ObservedCall, effect: Effect): Verb[] {
  if (effect.kind === 'refused') {
    const identity = identityOfProof(context.facts, call)
    if (call.path !== 'miniLogin' || identity === null) return []
    return [verb('identities.signIn', [{ identity, session: null }], { status: effect.reason })]
  }
  if (effect.kind === 'unbound') return unboundVerbs(context, call, effect.ticket)
  if (effect.kind === 'signedIn') return signInVerbs(context, call, effect.signIn)
  if (call.path.startsWith('admin.')) return adminVerbs(context, call)
  return callerVerbs(context, call)
}

function unboundVerbs({ facts }: VerbContext, call: ObservedCall, ticket: string | null): Verb[] {
  const identity = identityOfProof(facts, call)
  if (identity === null) return []
  const refused = verb('identities.signIn', [{ identity, session: null }], { status: 'unbound' })
  if (ticket === null) return [refused]
  return [refused, verb('tickets.issue', [{ hash: ticket, identity }], undefined)]
}

/** A ticket stands for its hash: the sentences only compare it. */
function signInVerbs(context: VerbContext, call: ObservedCall, signIn: SignInEffect): Verb[] {
  const { facts, model } = context
  const identity = identityOfProof(facts, call)
  if (identity === null) return []
  const input = inputOf(call)
  const ticket = input.proof?.ticket ?? null
  const { sessionId, userId } = signIn
  const session = { id: sessionId, appId: identity.appId }
  const claim = { identity, ticketHash: ticket }
  const newUser = signIn.isNew ?? !model.users.has(userId)
  const result = { status: 'bound', user: { id: userId }, newUser }
  const draft = (account: string | null, password: string | null) => ({
    id: userId,
    account,
    passwordHash: password === null ? null : hashOf(password),
    createdAt: call.at,
  })
  const password = input.password ?? input.credential?.password ?? null
  const passwordHash = password === null ? null : hashOf(password)
  if (call.path === 'miniLogin') {
    const user = draft(null, null)
    return [
      newUser
        ? verb('identities.signUp', [{ identity, user, session }], result)
        : verb('identities.signIn', [{ identity, session }], result),
    ]
  }
  if (ticket !== null && context.isTicketUsed(ticket)) {
    const proven = call.path === 'bind' && input.credential?.type === 'password'
    return [
      verb(
        'identities.repeat',
        [{ claim, userId, session, passwordHash: proven ? passwordHash : null }],
        { ...result, newUser: false },
      ),
    ]
  }
  if (call.path === 'register') {
    const user = draft(input.account ?? null, password)
    return [verb('identities.register', [{ claim, user, session }], result)]
  }
  if (input.credential?.type === 'phone') {
    const phone = facts.numberOf(input.credential.code ?? '') ?? ''
    const user = draft(null, null)
    return [
      verb(
        'identities.bindPhone',
        [{ claim, phone, user, session, rules: { now: call.at } }],
        result,
      ),
    ]
  }
  return [verb('identities.bind', [{ claim, userId, passwordHash, session }], result)]
}

/** What a signed-in person has done. */
function callerVerbs({ model, facts }: VerbContext, call: ObservedCall): Verb[] {
  const input = inputOf(call)
  if (call.path === 'session.refresh') {
    const sessionId = sessionOfRefreshToken(input.refreshToken ?? '')
    return [verb('sessions.refresh', [{ sessionId }], { status: 'rotated' })]
  }
  const token = call.accessToken === null ? null : readAccessToken(call.accessToken)
  if (token === null) return []
  const { sessionId, userId } = token
  const caller = { sessionId, userId }
  const session = model.sessions.get(sessionId)
  const own = session && { appId: session.appId, openid: session.openid }
  const rules = { now: call.at }
  switch (call.path) {
    case 'session.signOut':
      return [verb('sessions.end', [{ id: sessionId, userId }], undefined)]
    case 'session.revoke':
      return [verb('sessions.revoke', [{ caller, sessionId: input.sessionId }], true)]
    case 'session.revokeOthers':
      return [verb('sessions.endOthers', [caller], 0)]
    case 'identity.unbind': {
      const { appId, everywhere = false } = input
      return [verb('identities.unbind', [{ userId, appId, everywhere, caller, rules }], 'unbound')]
    }
    case 'account.updateProfile':
      return [verb('users.updateProfile', [caller, { nickname: input.nickname }], {})]
    case 'account.changePassword':
      return [verb('users.changePassword', [passwordChange(facts, caller, input)], 'changed')]
    case 'account.bindPhone': {
      const phone = facts.numberOf(input.code ?? '') ?? ''
      const owner = [...model.users.values()].find((user) => user.phone === phone)
      const moved = owner === undefined || owner.id === userId ? {} : { movedFrom: owner.id }
      const result = { id: userId, ...moved }
      return [verb('users.setPhone', [{ caller, provenBy: own, phone, rules }], result)]
    }
    case 'account.delete': {
      const provenBy = facts.identityOf(input.code ?? '')
      return [verb('users.removeCaller', [{ caller, provenBy }], 'removed')]
    }
    default:
      return []
  }
}

function passwordChange(
  facts: Facts,
  caller: { sessionId: string; userId: string },
  { currentPassword, newPassword = '', code, account }: CallInput,
) {
  const provenBy: Identity | null = code === undefined ? null : facts.identityOf(code)
  return {
    ...{ caller, provenBy, to: hashOf(newPassword) },
    from: currentPassword === undefined ? null : hashOf(currentPassword),
    ...(account === undefined ? {} : { name: { account } }),
  }
}

/** What an administrator has done. */
function adminVerbs({ snapshot }: VerbContext, call: ObservedCall): Verb[] {
  const input = inputOf(call)
  const { userId = '', appId, everywhere = false } = input
  const rules = { now: call.at }
  switch (call.path) {
    case 'admin.people.disable':
      return [verb('people.disable', [userId], 'disabled')]
    case 'admin.people.enable':
      return [verb('people.enable', [userId], true)]
    case 'admin.people.endSessions':
      return [verb('people.endSessions', [{ userId, sessionId: input.sessionId }], 0)]
    case 'admin.people.clearPassword':
      return [verb('people.clearPassword', [userId], true)]
    case 'admin.people.clearPhone':
      return [verb('people.clearPhone', [userId], true)]
    case 'admin.people.remove':
      return [verb('people.remove', [userId], 'removed')]
    case 'admin.people.unbind':
      return [
        verb('identities.unbind', [{ userId, appId, everywhere, caller: null, rules }], 'unbound'),
      ]
    case 'admin.conflicts.merge': {
      const { firstUserId = '', secondUserId = '', keepUserId = '' } = input
      const goneId = keepUserId === firstUserId ? secondUserId : firstUserId
      const row = snapshot.merges.findLast(
        ({ kept_user_id, gone_user_id }) => kept_user_id === keepUserId && gone_user_id === goneId,
      )
      if (row === undefined) return []
      const merge = { id: row.id, kept: { id: keepUserId }, gone: { id: goneId } }
      return [verb('merges.merge', [{ firstUserId, secondUserId, keepUserId }], merge)]
    }
    case 'admin.conflicts.undo':
      return [verb('merges.undo', [input.mergeId], 'undone')]
    default:
      return []
  }
}
