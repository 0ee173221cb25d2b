import type {
  BoundBy,
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
import { prepareUnbindings, type UnboundIdentity } from './unbindings.ts'

interface LinkDetails {
  readonly session: NewSession
  readonly by: BoundBy
  readonly proof?: string
  /** The stored identity; null when it had no owner until now. */
  readonly owned: OwnedIdentity | null
}

/** The steps that the verbs of the identity store share. Each runs inside the transaction of its verb. */
export function prepareBindingSteps(database: Database) {
  const users = prepareUsers(database)
  const identities = prepareIdentities(database)
  const tickets = prepareTickets(database)
  const unbindings = prepareUnbindings(database)
  const sessions = prepareSessions(database)
  const { sweepMerged } = prepareRemoval(database)

  const open = (
    user: User,
    session: NewSession,
    { newUser = false, unionidChanged = false } = {},
  ): OpenedSignIn => {
    sweepMerged(session.createdAt)
    sessions.open(session, user.id)
    return { status: 'bound', user, newUser, unionidChanged }
  }

  const refusalOf = ({ ticketHash }: ClaimedIdentity): RefusedBinding | null =>
    ticketHash === null || tickets.isUnused(ticketHash) ? null : { status: 'ticket_rejected' }

  /** Binds what WeChat returned last: after this ticket, a newer one may have been issued. */
  const insert = (claim: ClaimedIdentity, userId: string, { session, by }: LinkDetails) => {
    const { identity, ticketHash } = claim
    const newest = ticketHash === null ? null : tickets.newest(ticketHash)
    const { key } = newest ?? identity
    const unionid = newest?.unionid ?? identity.unionid
    identities.insert({ ...identity, key, unionid }, userId, {
      boundAt: session.createdAt,
      boundBy: by,
      device: session.device,
      previousKey: newest?.previousKey ?? null,
    })
    return { unionid, unionidChanged: false }
  }

  /** A ticket was issued before the identity was bound, so only a first unionid is taken from it. */
  const renew = ({ identity, ticketHash }: ClaimedIdentity, owned: OwnedIdentity) => {
    const isOlder = ticketHash !== null
    if (!isOlder) identities.renewKey(identity, owned)
    const unionid = (isOlder ? owned.unionid : null) ?? identity.unionid
    return { unionid, unionidChanged: identities.renewUnionid({ ...identity, unionid }, owned) }
  }

  /** Returns whether the unionid of a bound identity changed. */
  const link = (claim: ClaimedIdentity, userId: string, details: LinkDetails): boolean => {
    const { owned, proof = null } = details
    const at = details.session.createdAt
    const stored = owned === null ? insert(claim, userId, details) : renew(claim, owned)
    if (claim.ticketHash !== null) tickets.use(claim.ticketHash, { userId, proof, at })
    identities.noteConflicts(stored.unionid, userId, at)
    return stored.unionidChanged
  }

  /**
   * The owner of the unionid in another app, unless this user already has an identity in this app, or the identity
   * or its unionid was unbound.
   */
  const ownerInOtherApp = (identity: Identity): User | null => {
    unbindings.learn(identity)
    const ownerId = identities.ownerOfUnionid(identity.unionid)
    if (ownerId === null || identities.inApp(ownerId, identity.appId) !== null) return null
    return unbindings.block(identity, ownerId) ? null : users.byId(ownerId)
  }

  /** Signs in the owner of an identity, or the user whose unionid proves to be the same person. */
  const signInOwner = (identity: Identity, session: NewSession) => {
    const owned = identities.find(identity)
    const user = owned?.user ?? ownerInOtherApp(identity)
    if (user === null) return null
    if (user.disabledAt !== null) return { status: 'user_disabled' } as const
    const details = { session, by: 'unionid', owned } as const
    const unionidChanged = link({ identity, ticketHash: null }, user.id, details)
    return open(user, session, { unionidChanged })
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
    const by = draft.phone === undefined ? 'register' : 'phone'
    link(claim, created.id, { session, by, owned: null, ...(proof ? { proof } : {}) })
    return open(created, session, { newUser: true })
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
    unbindings.lift(claim.identity, user.id)
    const by = proof === undefined ? 'password' : 'phone'
    const unionidChanged = link(claim, user.id, { session, by, owned, ...(proof ? { proof } : {}) })
    return open(user, session, { unionidChanged })
  }

  /** Whether the binding that a used ticket made for this user stands. */
  const stands = ({ identity, ticketHash }: ClaimedIdentity, userId: string): boolean => {
    const use = ticketHash === null ? null : tickets.useOf(ticketHash)
    const owned = identities.find(identity)
    if (use === null || owned === null) return false
    return use.userId === userId && owned.user.id === userId && owned.boundAt <= use.at
  }

  /** Removes identities of a user, so that they are not bound silently again. */
  const detach = (
    removed: readonly UnboundIdentity[],
    { userId, keepSessionId, at }: { userId: string; keepSessionId: string | null; at: number },
  ): void => {
    for (const identity of removed) {
      identities.remove(userId, identity.appId)
      unbindings.add(identity, userId, at)
      sessions.endOthersInApp(userId, keepSessionId, identity.appId)
    }
  }

  return { users, identities, open, refusalOf, signInOwner, create, attach, stands, detach }
}
