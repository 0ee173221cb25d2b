import type {
  ClaimedIdentity,
  Identity,
  NewSession,
  NewUser,
  OpenedSignIn,
  RefusedBinding,
  User,
} from '@mianmi/core'
import { prepareRemoval } from '../account/removal.ts'
import { prepareUsers } from '../account/users.ts'
import type { Database } from '../database.ts'
import { prepareSessions } from '../session/sessions.ts'
import { type Owned, prepareIdentities } from './identity-rows.ts'
import { prepareTickets } from './tickets.ts'

interface Link {
  readonly at: number
  readonly proof?: string
  /** The identity as it is bound; null where it had no owner until now. */
  readonly owned: Owned | null
}

/** What the verbs of identities are made of; each step runs inside the transaction of its verb. */
export function prepareBindingSteps(database: Database) {
  const users = prepareUsers(database)
  const identities = prepareIdentities(database)
  const tickets = prepareTickets(database)
  const sessions = prepareSessions(database)
  const { sweepMerged } = prepareRemoval(database)

  const open = (user: User, session: NewSession, newUser = false): OpenedSignIn => {
    sweepMerged(session.createdAt)
    sessions.open(session, user.id)
    return { status: 'bound', user, newUser }
  }

  const refusalOf = ({ ticketHash }: ClaimedIdentity): RefusedBinding | null =>
    ticketHash === null || tickets.isUnused(ticketHash) ? null : { status: 'ticket_rejected' }

  const link = (claim: ClaimedIdentity, userId: string, { at, proof, owned }: Link) => {
    const { identity, ticketHash } = claim
    if (ticketHash !== null) tickets.use(ticketHash, { userId, proof: proof ?? null, at })
    if (owned === null) identities.insert(identity, userId, at)
    else identities.renew(identity, owned)
    identities.noteConflicts(identity.unionid, userId, at)
  }

  /** The owner of an identity's unionid in another app, if in this one they have no identity yet. */
  const sameInOtherApp = ({ unionid, appId }: Identity): User | null => {
    const same = identities.ownerOfUnionid(unionid)
    if (same === null || identities.inApp(same, appId) !== null) return null
    return users.byId(same)
  }

  /** Signs in whom an identity belongs to, or whom its unionid tells to be the same person. */
  const enter = (identity: Identity, session: NewSession) => {
    const owned = identities.find(identity)
    const user = owned?.user ?? sameInOtherApp(identity)
    if (user === null) return null
    if (user.disabledAt !== null) return { status: 'user_disabled' } as const
    link({ identity, ticketHash: null }, user.id, { at: session.createdAt, owned })
    return open(user, session)
  }

  const create = (
    claim: ClaimedIdentity,
    session: NewSession,
    draft: NewUser & { phone?: string; proof?: string },
  ): OpenedSignIn | RefusedBinding => {
    const owner = identities.find(claim.identity)?.user ?? sameInOtherApp(claim.identity)
    if (owner !== null) return { status: 'identity_taken' }
    const { proof, ...user } = draft
    const made = users.insert(user)
    link(claim, made.id, { at: session.createdAt, owned: null, ...(proof ? { proof } : {}) })
    return open(made, session, true)
  }

  const attach = (
    claim: ClaimedIdentity,
    user: User,
    { session, proof }: { session: NewSession; proof?: string },
  ): OpenedSignIn | RefusedBinding => {
    if (user.disabledAt !== null) return { status: 'user_disabled' }
    const owned = identities.find(claim.identity)
    if (owned !== null && owned.user.id !== user.id) return { status: 'identity_taken' }
    if (owned === null && identities.inApp(user.id, claim.identity.appId) !== null)
      return { status: 'account_taken' }
    link(claim, user.id, { at: session.createdAt, owned, ...(proof ? { proof } : {}) })
    return open(user, session)
  }

  return { users, identities, sessions, open, refusalOf, enter, create, attach }
}
