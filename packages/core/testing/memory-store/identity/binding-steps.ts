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
} from '../../../src/index.ts'
import { deleteUser, removeMergedUsers } from '../account/removal.ts'
import { clearPhone, insertUser, requireUser, toRecord, toUser } from '../account/user-rows.ts'
import { noteConflicts } from '../admin/merges/conflicts.ts'
import { endOtherSessions, openSession } from '../session/sessions.ts'
import type { IdentityRow, MemoryState, UserRow } from '../state.ts'
import { emit } from '../webhooks/outbox.ts'
import {
  identitiesOf,
  identityInApp,
  identityKey,
  insertIdentity,
  ownersOfUnionid,
  renewIdentity,
  storedKey,
  withUnionid,
} from './identity-rows.ts'
import { isUnused, markUsed, renewTickets, ticketsOf, wasUsedBy } from './tickets.ts'
import {
  addUnbinding,
  isUnbound,
  learnUnionid,
  liftUnbindings,
  unboundUnionids,
} from './unbindings.ts'

export function refusalOf(
  state: MemoryState,
  { ticketHash }: ClaimedIdentity,
): RefusedBinding | null {
  return ticketHash === null || isUnused(state, ticketHash) ? null : { status: 'ticket_rejected' }
}

/** A claim with what WeChat returned last for its identity. */
export interface LatestClaim extends ClaimedIdentity {
  /** The identity as it is bound; null where it is not. */
  readonly bound: IdentityRow | null
  /** The key of the claim, where a newer ticket has another one. */
  readonly previousKey: string | null
  /** The unionid before, where a ticket or the binding until now had another one. */
  readonly previousUnionid: string | null
}

/**
 * A ticket was issued before its identity was bound, and newer tickets may have been issued after it; a login code is
 * newer than anything. A reply of WeChat without a unionid leaves the unionid as it was, also that of an identity
 * that was unbound.
 */
export function latest(state: MemoryState, { identity, ticketHash }: ClaimedIdentity): LatestClaim {
  const bound = state.identities.get(identityKey(identity)) ?? null
  const issued = ticketsOf(state, identity)
  const unbound = unboundUnionids(state, identity)
  const known = bound?.unionid ?? newestUnionid([...unbound, ...issued])
  const unionid = (ticketHash === null ? identity.unionid : null) ?? known
  const before = newestUnionid([...issued, ...(bound ? [bound] : [])], unionid)
  const previousUnionid = before ?? bound?.previousUnionid ?? newestUnionid(unbound, unionid)
  if (ticketHash === null)
    return {
      ...{ identity: { ...identity, unionid }, ticketHash, bound },
      ...{ previousKey: null, previousUnionid },
    }
  const newest = issued.at(-1)?.key ?? identity.key
  const key = (bound && storedKey(bound)) ?? newest
  return {
    identity: { ...identity, key, unionid },
    ticketHash,
    bound,
    previousUnionid,
    previousKey: key.fingerprint === identity.key.fingerprint ? null : identity.key.sealed,
  }
}

/** Signs in the user that an identity belongs to, or that its unionid proves to be the same person. */
export function enter(
  state: MemoryState,
  identity: Identity,
  session: NewSession,
): OpenedSignIn | { status: 'user_disabled' | 'forbidden' } | null {
  const user = ownerOf(state, identity) ?? samePersonInOtherApp(state, identity)
  if (user === null) return null
  if (user.role === 'admin') return { status: 'forbidden' }
  const claim = latest(state, { identity, ticketHash: null })
  if (user.disabledAt !== null) {
    if (user.mergedInto === null) learnOfBound(state, claim, session.createdAt)
    return { status: 'user_disabled' }
  }
  const unionidChanged = link(state, claim, { userId: user.id, session, by: 'unionid' })
  const effects =
    claim.bound === null ? [{ action: 'identity_link', userId: user.id } as const] : []
  return open(state, user, { session, unionidChanged, effects })
}

/**
 * Stores the unionid of a bound identity whose sign-in is refused, so that an unbinding everywhere finds it. Of a merged
 * user it proves nothing.
 */
function learnOfBound(state: MemoryState, { identity, bound }: LatestClaim, at: number): void {
  if (bound === null) return
  state.identities.set(identityKey(bound), withUnionid(bound, identity.unionid))
  learnUnionid(state, identity)
  noteConflicts(state, identity.unionid, { userId: bound.userId, at })
}

/** Binds an identity to a new user. */
export function create(
  state: MemoryState,
  claim: LatestClaim,
  draft: {
    user: NewUser
    session: NewSession
    phone?: string
    proof?: string
    /** The user who loses the number. */
    phoneOf?: string
  },
): OpenedSignIn | RefusedBinding {
  const { identity } = claim
  if (ownerOf(state, identity) ?? samePersonInOtherApp(state, identity))
    return { status: 'identity_taken' }
  const { session, proof, phoneOf } = draft
  if (phoneOf !== undefined) clearPhone(state, phoneOf)
  const user = insertUser(state, draft.user, draft.phone ?? null)
  emit(state, { type: 'user.created', userId: user.id, appId: identity.appId })
  const by = draft.phone === undefined ? 'register' : 'phone'
  link(state, claim, { userId: user.id, session, by, proof })
  const effects = phoneOf === undefined ? [] : [{ action: 'phone_moved', userId: phoneOf } as const]
  return open(state, user, { session, newUser: true, effects })
}

/** Binds an identity to a user who exists. */
export function attach(
  state: MemoryState,
  claim: LatestClaim,
  { user, session, proof }: { user: UserRow; session: NewSession; proof?: string },
): OpenedSignIn | RefusedBinding {
  if (user.role === 'admin') return { status: 'credential_rejected' }
  if (user.disabledAt !== null) return { status: 'user_disabled' }
  const { bound, identity } = claim
  const isTaken = bound !== null && bound.userId !== user.id
  if (isTaken && !isGivenUp(state, bound)) return { status: 'identity_taken' }
  if (bound?.userId !== user.id && identityInApp(state, user.id, identity.appId) !== null)
    return { status: 'account_taken' }
  if (isTaken) giveUp(state, bound)
  liftUnbindings(state, identity, user.id)
  const by = proof === undefined ? 'password' : 'phone'
  const details = { userId: user.id, session, by, proof } as const
  const unionidChanged = link(state, isTaken ? { ...claim, bound: null } : claim, details)
  const effects = isTaken ? [{ action: 'user_absorbed', userId: bound.userId } as const] : []
  return open(state, user, { session, unionidChanged, effects })
}

export function open(
  state: MemoryState,
  user: UserRow,
  {
    session,
    newUser = false,
    unionidChanged = false,
    effects = [],
  }: { session: NewSession } & Partial<Omit<OpenedSignIn, 'status' | 'user'>>,
): OpenedSignIn {
  removeMergedUsers(state, session.createdAt)
  openSession(state, session, user.id)
  const opened = { status: 'bound', user: toUser(user), newUser, unionidChanged } as const
  return effects.length === 0 ? opened : { ...opened, effects }
}

/** Whether the identity goes to a proven account, because its user has nothing else. */
const isGivenUp = (state: MemoryState, { userId }: IdentityRow): boolean =>
  hasOnlyFirstIdentity(toRecord(requireUser(state, userId)), identitiesOf(state, userId))

/** Takes the only WeChat of a user, in each app, and removes the user. The tickets of its identities stay. */
function giveUp(state: MemoryState, { userId }: IdentityRow): void {
  for (const row of identitiesOf(state, userId)) state.identities.delete(identityKey(row))
  deleteUser(state, userId)
}

export function ownerOf(state: MemoryState, identity: Identity): UserRow | null {
  const row = state.identities.get(identityKey(identity))
  return (row && state.users.get(row.userId)) ?? null
}

/** Whether the binding that a used ticket made for this user stands. */
export function stands(
  state: MemoryState,
  { identity, ticketHash }: ClaimedIdentity,
  userId: string,
): boolean {
  const bound = state.identities.get(identityKey(identity))
  if (ticketHash === null || bound?.userId !== userId) return false
  return wasUsedBy(state, ticketHash, { userId, since: bound.boundAt })
}

/** Removes identities of a user, so that they are not bound silently again, and ends their sessions. */
export function detach(
  state: MemoryState,
  removed: readonly IdentityRow[],
  { keepSessionId, at }: { keepSessionId: string | null; at: number },
): void {
  for (const row of removed) {
    const { appId, openid, unionid, previousUnionid, userId } = row
    renewTickets(state, row)
    state.identities.delete(identityKey({ appId, openid }))
    addUnbinding(state, { appId, openid, unionid, previousUnionid, userId, unboundAt: at })
    emit(state, { type: 'identity.unbound', userId, appId, openid, unionid })
    endOtherSessions(state, { userId, keepSessionId, appId })
  }
}

/**
 * The one owner of the unionid, unless that user has another identity in this app, or the identity or its unionid
 * was unbound.
 */
function samePersonInOtherApp(state: MemoryState, identity: Identity): UserRow | null {
  learnUnionid(state, identity)
  const { unionid, appId } = identity
  if (unionid === null) return null
  const [owner, another] = ownersOfUnionid(state, unionid)
  if (owner === undefined || another !== undefined) return null
  if (identityInApp(state, owner.id, appId) !== null) return null
  return isUnbound(state, identity, owner.id) ? null : owner
}

interface LinkDetails {
  readonly userId: string
  readonly session: NewSession
  readonly by: BoundBy
  readonly proof?: string | undefined
}

/** Returns whether the unionid of a bound identity changed. */
function link(state: MemoryState, claim: LatestClaim, details: LinkDetails): boolean {
  const { userId, session, by, proof = null } = details
  const { identity, ticketHash, bound, previousKey, previousUnionid } = claim
  const at = session.createdAt
  if (bound === null) {
    // The sessions that the user has in this app were opened through another WeChat, or before an unbinding.
    endOtherSessions(state, { userId, keepSessionId: null, appId: identity.appId })
    const binding = { userId, boundAt: at, boundBy: by, device: session.device }
    insertIdentity(state, identity, { ...binding, previousKey, previousUnionid })
    const { appId, openid, unionid } = identity
    emit(state, { type: 'identity.bound', userId, appId, openid, unionid })
  } else renewIdentity(state, bound, identity)
  learnUnionid(state, identity)
  if (ticketHash !== null) markUsed(state, ticketHash, { userId, proof, at })
  noteConflicts(state, identity.unionid, { userId, at })
  return bound !== null && bound.unionid !== null && bound.unionid !== identity.unionid
}
