import {
  type BoundBy,
  type ClaimedIdentity,
  hasOnlyFirstIdentity,
  type Identity,
  type NewSession,
  type NewUser,
  newestUnionid,
  type OpenedSignIn,
  type RefusedBinding,
  type User,
} from '@mianmi/core'
import { storedKey } from '../../identity/stored-key.ts'
import { prepareRemoval } from '../account/removal.ts'
import { prepareUsers } from '../account/users.ts'
import type { Database } from '../database.ts'
import { prepareSessions } from '../session/sessions.ts'
import { prepareOutbox } from '../webhooks/outbox.ts'
import { type OwnedIdentity, prepareIdentities } from './identity-rows.ts'
import { prepareTickets } from './tickets.ts'
import { prepareUnbindings, type UnboundIdentity } from './unbindings.ts'

interface LinkDetails {
  readonly session: NewSession
  readonly by: BoundBy
  readonly proof?: string
}

/** A claim with what WeChat returned last for its identity. */
export interface LatestClaim extends ClaimedIdentity {
  /** The stored identity; null when it has no owner until now. */
  readonly owned: OwnedIdentity | null
  /** The key of the claim, where a newer ticket has another one. */
  readonly previousKey: string | null
  /** The unionid before, where a ticket or the binding until now had another one. */
  readonly previousUnionid: string | null
}

/** The steps that the verbs of the identity store share. Each runs inside the transaction of its verb. */
export function prepareBindingSteps(database: Database) {
  const users = prepareUsers(database)
  const identities = prepareIdentities(database)
  const tickets = prepareTickets(database)
  const unbindings = prepareUnbindings(database)
  const sessions = prepareSessions(database)
  const { sweepMerged, removeForGood } = prepareRemoval(database)
  const { emit } = prepareOutbox(database)

  const open = (
    user: User,
    session: NewSession,
    { newUser = false, unionidChanged = false, effects = [] }: Partial<OpenedSignIn> = {},
  ): OpenedSignIn => {
    sweepMerged(session.createdAt)
    sessions.open(session, user.id)
    const opened = { status: 'bound', user, newUser, unionidChanged } as const
    return effects.length === 0 ? opened : { ...opened, effects }
  }

  const refusalOf = ({ ticketHash }: ClaimedIdentity): RefusedBinding | null =>
    ticketHash === null || tickets.isUnused(ticketHash) ? null : { status: 'ticket_rejected' }

  /** A login code is newer than anything that is stored. */
  const byCode = (identity: Identity, owned: OwnedIdentity | null): LatestClaim => ({
    identity,
    ticketHash: null,
    owned,
    previousKey: null,
    previousUnionid: null,
  })

  /**
   * A ticket was issued before its identity was bound, and newer tickets may have been issued after it. A reply of WeChat
   * without a unionid leaves the unionid as it was, also that of an identity that was unbound.
   */
  const latest = ({ identity, ticketHash }: ClaimedIdentity): LatestClaim => {
    const owned = identities.find(identity)
    // Read again, because a change of SECRET_KEY may have sealed them again since the ticket was found.
    const issued = tickets.issuedFor(identity)
    const returned = ticketHash === null ? identity.unionid : null
    const unbound = unbindings.unionidsOf(identity)
    const unionid = returned ?? owned?.unionid ?? newestUnionid([...unbound, ...issued])
    const before = newestUnionid([...issued, ...(owned ? [owned] : [])], unionid)
    const previousUnionid = before ?? owned?.previousUnionid ?? newestUnionid(unbound, unionid)
    if (ticketHash === null)
      return { ...byCode({ ...identity, key: identity.key, unionid }, owned), previousUnionid }
    const own = issued.find(({ hash }) => hash === ticketHash)?.key ?? identity.key
    const key = issued.at(-1)?.key ?? own
    const previousKey = key.fingerprint === own.fingerprint ? null : own.sealed
    const newest = { ...identity, key, unionid }
    return { identity: newest, ticketHash, owned, previousKey, previousUnionid }
  }

  /** Returns whether the unionid of a bound identity changed. */
  const link = (claim: LatestClaim, userId: string, details: LinkDetails): boolean => {
    const { identity, ticketHash, owned, previousKey, previousUnionid } = claim
    const { session, by, proof = null } = details
    const at = session.createdAt
    if (owned === null) {
      const { device } = session
      // The sessions that the user has in this app were opened through another WeChat, or before an unbinding.
      sessions.endOthersInApp(userId, null, identity.appId)
      const binding = { boundAt: at, boundBy: by, device, previousKey, previousUnionid }
      identities.insert(identity, userId, binding)
      const { appId, openid, unionid } = identity
      emit({ type: 'identity.bound', userId, appId, openid, unionid })
    } else if (ticketHash === null) identities.renewKey(identity, owned)
    if (owned?.unionid !== identity.unionid) unbindings.learn(identity)
    const unionidChanged = owned !== null && identities.renewUnionid(identity, owned)
    if (ticketHash !== null) tickets.use(ticketHash, { userId, proof, at })
    identities.noteConflicts(identity.unionid, userId, at)
    return unionidChanged
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

  /**
   * Stores the unionid of a bound identity whose sign-in is refused, so that an unbinding everywhere finds it. Of a merged
   * user it proves nothing.
   */
  const learnOfBound = (identity: Identity, owned: OwnedIdentity, at: number): void => {
    if (identities.isOfMerged(owned.user.id)) return
    identities.renewUnionid(identity, owned)
    unbindings.learn(identity)
    identities.noteConflicts(identity.unionid, owned.user.id, at)
  }

  /** Signs in the owner of an identity, or the user whose unionid proves to be the same person. */
  const signInOwner = (identity: Identity, session: NewSession) => {
    const owned = identities.find(identity)
    const user = owned?.user ?? ownerInOtherApp(identity)
    if (user === null) return null
    if (user.role === 'admin') return { status: 'forbidden' } as const
    if (user.disabledAt !== null) {
      if (owned !== null) learnOfBound(identity, owned, session.createdAt)
      return { status: 'user_disabled' } as const
    }
    const details = { session, by: 'unionid' } as const
    const claim = owned === null ? latest({ identity, ticketHash: null }) : byCode(identity, owned)
    const unionidChanged = link(claim, user.id, details)
    const effects = owned === null ? [{ action: 'identity_link', userId: user.id } as const] : []
    return open(user, session, { unionidChanged, effects })
  }

  const create = (
    claim: LatestClaim,
    session: NewSession,
    /** `phoneOf`: the user who loses the number. */
    draft: NewUser & { phone?: string; proof?: string; phoneOf?: string },
  ): OpenedSignIn | RefusedBinding => {
    const owner = claim.owned?.user ?? ownerInOtherApp(claim.identity)
    if (owner !== null) return { status: 'identity_taken' }
    const { proof, phoneOf, ...user } = draft
    if (phoneOf !== undefined) users.clearPhone(phoneOf)
    const created = users.insert(user)
    emit({ type: 'user.created', userId: created.id, appId: claim.identity.appId })
    const by = draft.phone === undefined ? 'register' : 'phone'
    link(claim, created.id, { session, by, ...(proof ? { proof } : {}) })
    const effects =
      phoneOf === undefined ? [] : [{ action: 'phone_moved', userId: phoneOf } as const]
    return open(created, session, { newUser: true, effects })
  }

  /** Whether an identity goes to a proven account, because its user has nothing else. */
  const isGivenUp = ({ user }: OwnedIdentity): boolean =>
    hasOnlyFirstIdentity(users.requireById(user.id), identities.ofUser(user.id))

  /**
   * Takes the only WeChat of a user, in each app, removes the user, and returns the claim with the identity's key, which is
   * newer than a ticket. The tickets of its identities stay.
   */
  const giveUp = (claim: LatestClaim, { user }: OwnedIdentity): LatestClaim => {
    const { identity, ticketHash } = claim
    const stored = identities.inApp(user.id, identity.appId)
    for (const { appId } of identities.ofUser(user.id)) identities.remove(user.id, appId)
    removeForGood(user.id)
    const key = (ticketHash !== null && stored && storedKey(stored)) || identity.key
    return { ...claim, identity: { ...identity, key }, owned: null }
  }

  const attach = (
    claim: LatestClaim,
    user: User,
    { session, proof }: { session: NewSession; proof?: string },
  ): OpenedSignIn | RefusedBinding => {
    if (user.role === 'admin') return { status: 'credential_rejected' }
    if (user.disabledAt !== null) return { status: 'user_disabled' }
    const { owned, identity } = claim
    const isTaken = owned !== null && owned.user.id !== user.id
    if (isTaken && !isGivenUp(owned)) return { status: 'identity_taken' }
    if (owned?.user.id !== user.id && identities.inApp(user.id, identity.appId) !== null)
      return { status: 'account_taken' }
    const free = isTaken ? giveUp(claim, owned) : claim
    unbindings.lift(identity, user.id)
    const by = proof === undefined ? 'password' : 'phone'
    const unionidChanged = link(free, user.id, { session, by, ...(proof ? { proof } : {}) })
    const effects = isTaken ? [{ action: 'user_absorbed', userId: owned.user.id } as const] : []
    return open(user, session, { unionidChanged, effects })
  }

  /** Whether the binding that a used ticket made for this user stands. */
  const stands = ({ identity, ticketHash }: ClaimedIdentity, userId: string): boolean => {
    const use = ticketHash === null ? null : tickets.useOf(ticketHash)
    const owned = identities.find(identity)
    if (use === null || owned === null) return false
    return use.userId === userId && owned.user.id === userId && owned.boundAt <= use.at
  }

  /** Removes identities of a user, so that they are not bound silently again, and ends their sessions. */
  const detach = (
    removed: readonly UnboundIdentity[],
    { userId, keepSessionId, at }: { userId: string; keepSessionId: string | null; at: number },
  ): void => {
    for (const identity of removed) {
      tickets.renew(identity)
      identities.remove(userId, identity.appId)
      unbindings.add(identity, userId, at)
      const { appId, openid, unionid } = identity
      emit({ type: 'identity.unbound', userId, appId, openid, unionid })
      sessions.endOthersInApp(userId, keepSessionId, identity.appId)
    }
  }

  return {
    users,
    identities,
    unbindings,
    open,
    refusalOf,
    latest,
    signInOwner,
    create,
    attach,
    stands,
    detach,
  }
}
