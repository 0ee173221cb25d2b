import type {
  BoundBy,
  ClaimedIdentity,
  Identity,
  NewSession,
  NewUser,
  OpenedSignIn,
  RefusedBinding,
} from '../../../src/index.ts'
import { removeMergedUsers } from '../account/removal.ts'
import { changeUser, insertUser, toUser } from '../account/user-rows.ts'
import { noteConflicts } from '../admin/merges/conflicts.ts'
import { endOtherSessions, openSession } from '../session/sessions.ts'
import type { IdentityRow, MemoryState, UserRow } from '../state.ts'
import {
  identityInApp,
  identityKey,
  insertIdentity,
  ownersOfUnionid,
  renewIdentity,
} from './identity-rows.ts'
import { isUnused, markUsed, newerIdentity, wasUsedBy } from './tickets.ts'
import { addUnbinding, isUnbound, learnUnionid, liftUnbindings } from './unbindings.ts'

export function refusalOf(
  state: MemoryState,
  { ticketHash }: ClaimedIdentity,
): RefusedBinding | null {
  return ticketHash === null || isUnused(state, ticketHash) ? null : { status: 'ticket_rejected' }
}

/** Signs in the user that an identity belongs to, or that its unionid proves to be the same person. */
export function enter(
  state: MemoryState,
  identity: Identity,
  session: NewSession,
): OpenedSignIn | { status: 'user_disabled' } | null {
  const user = ownerOf(state, identity) ?? samePersonInOtherApp(state, identity)
  if (user === null) return null
  if (user.disabledAt !== null) return { status: 'user_disabled' }
  const claim = { identity, ticketHash: null }
  const unionidChanged = link(state, claim, { userId: user.id, session, by: 'unionid' })
  return open(state, user, { session, unionidChanged })
}

/** Binds an identity to a new user. */
export function create(
  state: MemoryState,
  claim: ClaimedIdentity,
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
  if (phoneOf !== undefined) changeUser(state, phoneOf, { phone: null, phoneProvenAt: null })
  const user = insertUser(state, draft.user, draft.phone ?? null)
  const by = draft.phone === undefined ? 'register' : 'phone'
  link(state, claim, { userId: user.id, session, by, proof })
  return open(state, user, { session, newUser: true })
}

/** Binds an identity to a user who exists. */
export function attach(
  state: MemoryState,
  claim: ClaimedIdentity,
  { user, session, proof }: { user: UserRow; session: NewSession; proof?: string },
): OpenedSignIn | RefusedBinding {
  if (user.disabledAt !== null) return { status: 'user_disabled' }
  const owner = ownerOf(state, claim.identity)
  if (owner !== null && owner.id !== user.id) return { status: 'identity_taken' }
  if (owner === null && identityInApp(state, user.id, claim.identity.appId) !== null)
    return { status: 'account_taken' }
  liftUnbindings(state, claim.identity, user.id)
  const by = proof === undefined ? 'password' : 'phone'
  const unionidChanged = link(state, claim, { userId: user.id, session, by, proof })
  return open(state, user, { session, unionidChanged })
}

export function open(
  state: MemoryState,
  user: UserRow,
  {
    session,
    newUser = false,
    unionidChanged = false,
  }: { session: NewSession; newUser?: boolean; unionidChanged?: boolean },
): OpenedSignIn {
  removeMergedUsers(state, session.createdAt)
  openSession(state, session, user.id)
  return { status: 'bound', user: toUser(user), newUser, unionidChanged }
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
  for (const { appId, openid, unionid, userId } of removed) {
    state.identities.delete(identityKey({ appId, openid }))
    addUnbinding(state, { appId, openid, unionid, userId, unboundAt: at })
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
function link(state: MemoryState, claim: ClaimedIdentity, details: LinkDetails): boolean {
  const { userId, session, proof = null } = details
  const at = session.createdAt
  const key = identityKey(claim.identity)
  const before = state.identities.get(key)
  if (before === undefined) insertNewest(state, claim, details)
  else renewIdentity(state, before, asReturnedLast(before, claim))
  if (claim.ticketHash !== null) markUsed(state, claim.ticketHash, { userId, proof, at })
  const unionid = state.identities.get(key)?.unionid ?? null
  noteConflicts(state, unionid, { userId, at })
  return before !== undefined && before.unionid !== null && before.unionid !== unionid
}

/** Binds what WeChat returned last: after this ticket, a newer one may have been issued. */
function insertNewest(
  state: MemoryState,
  { identity, ticketHash }: ClaimedIdentity,
  { userId, session, by }: LinkDetails,
): void {
  const newer = ticketHash === null ? null : newerIdentity(state, ticketHash)
  const { key } = newer ?? identity
  const unionid = newer?.unionid ?? identity.unionid
  insertIdentity(
    state,
    { ...identity, key, unionid },
    {
      userId,
      boundAt: session.createdAt,
      boundBy: by,
      device: session.device,
      previousKey: key.fingerprint === identity.key.fingerprint ? null : identity.key.sealed,
    },
  )
}

/** A ticket was issued before the identity was bound, so only a first unionid is taken from it. */
function asReturnedLast(bound: IdentityRow, { identity, ticketHash }: ClaimedIdentity): Identity {
  if (ticketHash === null) return identity
  const key = { sealed: bound.sealedKey, fingerprint: bound.keyFingerprint }
  return { ...identity, key, unionid: bound.unionid ?? identity.unionid }
}
