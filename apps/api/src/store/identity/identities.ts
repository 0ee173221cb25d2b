import type { IdentityStore } from '@mianmi/core'
import type { Database } from '../database.ts'
import { prepareLimitUses } from '../rate-limit/limits.ts'
import { prepareBindingSteps } from './binding-steps.ts'

/** Each verb is one immediate transaction, so what it checks still holds when it writes. */
export function createIdentityStore(database: Database): IdentityStore {
  const { write } = database
  const limitUses = prepareLimitUses(database)
  const { users, identities, sessions, ...steps } = prepareBindingSteps(database)
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
        const created = steps.create({ identity, ticketHash: null }, session, user)
        if (created.status !== 'bound')
          throw new Error('the identity was not bound in this transaction')
        return created
      }),

    bind: async ({ claim, userId, session }) =>
      write(() => {
        const user = users.byId(userId)
        if (user === null) return { status: 'ticket_rejected' }
        return steps.refusalOf(claim) ?? steps.attach(claim, user, { session })
      }),

    register: async ({ claim, user, session }) =>
      write(() => {
        const refusal = steps.refusalOf(claim)
        if (refusal) return refusal
        if (users.hasAccount(user.accountKey)) return { status: 'account_taken' }
        return steps.create(claim, session, user)
      }),

    bindPhone: async ({ claim, phone, proof, user, session }) =>
      write(() => {
        const refusal = steps.refusalOf(claim)
        if (refusal) return refusal
        const owner = users.byPhone(phone)
        if (owner === null) return steps.create(claim, session, { ...user, phone, proof })
        // A phone number alone is no proof for a user who can sign in in another way.
        const isOwner = identities.find(claim.identity)?.user.id === owner.id
        const hasOtherSignIn =
          owner.passwordHash !== null || identities.inApp(owner.id, claim.identity.appId) !== null
        if (!isOwner && hasOtherSignIn) return { status: 'phone_rejected' }
        return steps.attach(claim, owner, { session, proof })
      }),

    repeat: async ({ userId, session }) =>
      write(() => {
        const user = users.byId(userId)
        if (user === null) return { status: 'ticket_rejected' }
        return user.disabledAt === null ? steps.open(user, session) : { status: 'user_disabled' }
      }),

    list: async (userId) => identities.list(userId),

    unbind: async ({ userId, appId, keepSessionId }) =>
      write(() => {
        const user = users.byId(userId)
        if (user === null || identities.inApp(userId, appId) === null) return 'not_found'
        const hasOthers = identities.list(userId).length > 1
        const hasPassword = user.account !== null && user.passwordHash !== null
        if (!hasOthers && !hasPassword && user.phone === null) return 'last'
        identities.remove(userId, appId)
        sessions.endOthersInApp(userId, keepSessionId, appId)
        return 'unbound'
      }),

    sessionKeys: async ({ userId, appId }) => {
      const row = identities.inApp(userId, appId)
      if (row === null) return null
      const keys = row.previousKey === null ? [row.sealedKey] : [row.sealedKey, row.previousKey]
      return { openid: row.openid, keys }
    },
  }
}
