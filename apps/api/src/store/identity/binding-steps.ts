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
import { type OwnedIdentity, prepareIdentities } from './identity-rows.ts'
import { prepareTickets } from './tickets.ts'

interface LinkDetails {
  readonly at: number
  readonly proof?: string
  /** The stored identity; null when it had no owner until now. */
  readonly owned: OwnedIdentity | null
}

/** The steps that the verbs of the identity store share. Each runs inside the transaction of its verb. */
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

  const link = (claim: ClaimedIdentity, userId: string, { at, proof, owned }: LinkDetails) => {
    const { identity, ticketHash } = claim
    if (ticketHash !== null) tickets.use(ticketHash, { userId, proof: proof ?? null, at })
    if (owned === null) identities.insert(identity, userId, at)
    else identities.renew(identity, owned)
    identities.noteConflicts(identity.unionid, userId, at)
  }

  /** The owner of the unionid in another app, unless this user already has an identity in this app. */
  const ownerInOtherApp = ({ unionid, appId }: Identity): User | null => {
    const ownerId = identities.ownerOfUnionid(unionid)
    if (ownerId === null || identities.inApp(ownerId, appId) !== null) return null
    return users.byId(ownerId)
  }

  /** Signs in the owner of an identity, or the user whose unionid proves to be the same person. */
  const signInOwner = (identity: Identity, session: NewSession) => {
    const owned = identities.find(identity)
    const user = owned?.user ?? ownerInOtherApp(identity)
    if (user === null) return null
    if (user.disabledAt !== null) return { status: 'user_disabled' } as const
    link({ identity, ticketHash: null }, user.id, { at: session.createdAt, owned })
    return open(user, session)
  }

  const create = (
    claim: ClaimedIdentity,
    session: NewSession,
    /** `phoneOf`: the user who loses the number. */
    draft: NewUser & { phone?: string; proof?: string; phoneOf?: string },
  ): OpenedSignIn | RefusedBinding => {
    const owner = identities.find(claim.identity)?.user ?? ownerInOtherApp(claim.identity)
    if (owner !== null) return { status: 'identity_taken' }
    const { proof, phoneOf, ...user } = draft
    if (phoneOf !== undefined) users.clearPhone(phoneOf)
    const created = users.insert(user)
    link(claim, created.id, { at: session.createdAt, owned: null, ...(proof ? { proof } : {}) })
    return open(created, session, true)
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

  return { users, identities, sessions, open, refusalOf, signInOwner, create, attach }
}
