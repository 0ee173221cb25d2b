import type {
  Bound,
  Claim,
  IdentityStore,
  NewSession,
  NewUser,
  Refused,
  UserRecord,
} from '@mianmi/core'
import type { Database } from './database.ts'
import { prepareIdentities } from './identity-rows.ts'
import { prepareOpenSession } from './sessions.ts'
import { prepareTickets } from './tickets.ts'
import { prepareUsers } from './users.ts'

/** Each verb is one immediate transaction: what it checks still holds when it writes. */
export function createIdentityStore(database: Database): IdentityStore {
  const { write } = database
  const steps = prepareSteps(database)
  return {
    signIn: async ({ identity, session }) =>
      write(() => {
        const user = steps.identities.ownerOf(identity)
        if (user === null) return { status: 'unbound' }
        if (user.disabledAt !== null) return { status: 'user_disabled' }
        steps.identities.keepUnionid(identity)
        return steps.open(user, session)
      }),

    signUp: async ({ identity, user, session }) =>
      write(() => {
        const owner = steps.identities.ownerOf(identity)
        if (owner === null) return steps.create({ identity, ticketHash: null }, session, user)
        return owner.disabledAt === null ? steps.open(owner, session) : { status: 'user_disabled' }
      }),

    bind: async ({ claim, userId, session }) =>
      write(() => {
        const user = steps.users.byId(userId)
        return user === null ? { status: 'ticket_rejected' } : steps.attach(claim, user, session)
      }),

    register: async ({ claim, user, session }) =>
      write(() => {
        const refusal = steps.refusalOf(claim)
        if (refusal) return refusal
        if (steps.identities.ownerOf(claim.identity)) return { status: 'identity_taken' }
        if (steps.users.hasAccount(user.accountKey)) return { status: 'account_taken' }
        return steps.create(claim, session, user)
      }),

    bindPhone: async ({ claim, phone, user, session }) =>
      write(() => {
        const refusal = steps.refusalOf(claim)
        if (refusal) return refusal
        const owner = steps.users.byPhone(phone)
        if (owner !== null) return steps.attachByPhone(claim, owner, session)
        if (steps.identities.ownerOf(claim.identity)) return { status: 'identity_taken' }
        return steps.create(claim, session, { ...user, phone })
      }),
  }
}

/** What the verbs are made of; each step runs inside the verb's transaction. */
function prepareSteps(database: Database) {
  const users = prepareUsers(database)
  const identities = prepareIdentities(database)
  const tickets = prepareTickets(database)
  const openSession = prepareOpenSession(database)

  const open = (user: UserRecord, session: NewSession, newUser = false): Bound => {
    openSession(session, user.id)
    return { status: 'bound', user, newUser }
  }

  const refusalOf = ({ ticketHash }: Claim): Refused | null =>
    ticketHash === null || tickets.exists(ticketHash) ? null : { status: 'ticket_rejected' }

  const link = ({ identity, ticketHash }: Claim, userId: string, boundAt: number): void => {
    if (ticketHash !== null) tickets.burn(ticketHash)
    identities.insert(identity, userId, boundAt)
  }

  const create = (
    claim: Claim,
    session: NewSession,
    draft: NewUser & { phone?: string },
  ): Bound => {
    const user = users.insert(draft)
    link(claim, user.id, session.createdAt)
    return open(user, session, true)
  }

  const attach = (claim: Claim, user: UserRecord, session: NewSession): Bound | Refused => {
    const refusal = refusalOf(claim)
    if (refusal) return refusal
    if (user.disabledAt !== null) return { status: 'user_disabled' }
    const owner = identities.ownerOf(claim.identity)
    if (owner !== null && owner.id !== user.id) return { status: 'identity_taken' }
    if (owner === null) {
      if (identities.hasAnyInApp(user.id, claim.identity.appId)) return { status: 'account_taken' }
      link(claim, user.id, session.createdAt)
    } else if (claim.ticketHash !== null) tickets.burn(claim.ticketHash)
    return open(user, session)
  }

  /** A number alone proves nothing about a user who can be reached in another way. */
  const attachByPhone = (claim: Claim, user: UserRecord, session: NewSession): Bound | Refused => {
    const owner = identities.ownerOf(claim.identity)
    const elsewhere =
      user.passwordHash !== null || identities.hasAnyInApp(user.id, claim.identity.appId)
    if (owner === null && elsewhere) return { status: 'phone_rejected' }
    return attach(claim, user, session)
  }

  return { users, identities, open, refusalOf, create, attach, attachByPhone }
}
