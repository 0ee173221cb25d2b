import {
  canStillSignIn,
  decidePhoneClaim,
  type IdentityStore,
  identitiesOfWechat,
} from '@mianmi/core'
import type { Database } from '../database.ts'
import { prepareLimitUses } from '../rate-limit/limits.ts'
import { prepareCallers } from '../session/callers.ts'
import { prepareSessions } from '../session/sessions.ts'
import { prepareBindingSteps } from './binding-steps.ts'

/** Each verb is one immediate transaction, so what it checks still holds when it writes. */
export function createIdentityStore(database: Database): IdentityStore {
  const { write } = database
  const limitUses = prepareLimitUses(database)
  const { users, identities, unbindings, ...steps } = prepareBindingSteps(database)
  const { endUnidentified } = prepareSessions(database)
  const refuse = prepareCallers(database)
  return {
    signIn: async ({ identity, session, use }) =>
      write(() => {
        const refused = limitUses.spend(use)
        if (refused !== null) return { status: 'limited', ...refused }
        return steps.signInOwner(identity, session) ?? { status: 'unbound' }
      }),

    signUp: async ({ identity, user, session }) =>
      write(() => {
        const signedIn = steps.signInOwner(identity, session)
        if (signedIn !== null) return signedIn
        const created = steps.create(steps.latest({ identity, ticketHash: null }), session, user)
        if (created.status !== 'bound')
          throw new Error('the identity was not bound in this transaction')
        return created
      }),

    bind: async ({ claim, userId, passwordHash, session }) =>
      write(() => {
        const user = users.byId(userId)
        if (user === null) return { status: 'ticket_rejected' }
        const refusal = steps.refusalOf(claim)
        if (refusal) return refusal
        if (user.passwordHash !== passwordHash) return { status: 'credential_rejected' }
        return steps.attach(steps.latest(claim), user, { session })
      }),

    register: async ({ claim, user, session }) =>
      write(() => {
        const refusal = steps.refusalOf(claim)
        if (refusal) return refusal
        if (users.hasAccount(user.accountKey)) return { status: 'account_taken' }
        return steps.create(steps.latest(claim), session, user)
      }),

    bindPhone: async ({ claim: claimed, phone, proof, user, session, rules }) =>
      write(() => {
        const refusal = steps.refusalOf(claimed)
        if (refusal) return refusal
        const claim = steps.latest(claimed)
        const owner = users.byPhone(phone)
        const draft = { ...user, phone, proof }
        if (owner === null) return steps.create(claim, session, draft)
        const isOwn = claim.owned?.user.id === owner.id
        const unboundAt = unbindings.lastAt(owner.id)
        const means = { ...owner, identities: identities.ofUser(owner.id), unboundAt }
        const decision = decidePhoneClaim(means, { ...claim.identity, isOwn }, rules)
        if (decision === 'reject') return { status: 'phone_rejected' }
        if (decision === 'move')
          return steps.create(claim, session, { ...draft, phoneOf: owner.id })
        const bound = steps.attach(claim, owner, { session, proof })
        if (bound.status === 'bound') users.setPhone(owner.id, { phone, provenAt: rules.now })
        return bound
      }),

    repeat: async ({ claim, userId, passwordHash, session }) =>
      write(() => {
        const user = users.byId(userId)
        if (user === null || user.role === 'admin' || !steps.stands(claim, userId))
          return { status: 'ticket_rejected' }
        if (passwordHash !== null && user.passwordHash !== passwordHash)
          return { status: 'credential_rejected' }
        return user.disabledAt === null ? steps.open(user, session) : { status: 'user_disabled' }
      }),

    confirm: async ({ identity, caller }) =>
      write(() => {
        const refused = refuse(caller)
        if (refused !== null) return refused
        const owned = identities.find(identity)
        if (owned?.user.id !== caller.userId) return false
        identities.renewKey(identity, owned)
        return true
      }),

    findOwner: async (identity) => identities.find(identity)?.user.id ?? null,

    list: async (userId) => identities.list(userId),

    unbind: async ({ userId, appId, everywhere, caller, rules }) =>
      write(() => {
        const refused = caller === null ? null : refuse(caller)
        if (refused !== null) return refused
        const user = users.byId(userId)
        const bound = identities.ofUser(userId)
        const named = bound.find((identity) => identity.appId === appId)
        if (user === null || named === undefined) return 'not_found'
        const { unionid } = named
        const removed = everywhere ? identitiesOfWechat(named, bound) : [named]
        const others = bound.filter((identity) => !removed.includes(identity))
        if (!canStillSignIn({ ...user, identities: others }, rules, unionid)) return 'last'
        const keepSessionId = everywhere || caller === null ? null : caller.sessionId
        steps.detach(removed, { userId, keepSessionId, at: rules.now })
        if (everywhere) endUnidentified(userId)
        return 'unbound'
      }),

    sessionKeys: async ({ userId, appId }) => {
      const row = identities.inApp(userId, appId)
      return row && { openid: row.openid, keys: keysOf(row) }
    },

    callerKeys: async (caller) => {
      const refused = refuse(caller)
      if (refused !== null) return refused
      const row = identities.ofSession(caller.sessionId)
      return row && { appId: row.appId, openid: row.openid, keys: keysOf(row) }
    },
  }
}

type KeyColumns = Record<'sealedKey' | 'previousKey', string | null>
const keysOf = ({ sealedKey, previousKey }: KeyColumns): string[] =>
  [sealedKey, previousKey].filter((key) => key !== null)
