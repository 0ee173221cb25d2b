import type {
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
import { openSession } from '../session/sessions.ts'
import type { MemoryState, UserRow } from '../state.ts'
import {
  identityInApp,
  identityKey,
  insertIdentity,
  ownersOfUnionid,
  renewIdentity,
} from './identity-rows.ts'
import { isUnused, markUsed } from './tickets.ts'

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
  link(state, { identity, ticketHash: null }, { userId: user.id, at: session.createdAt })
  return open(state, user, { session })
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
  link(state, claim, { userId: user.id, at: session.createdAt, proof })
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
  link(state, claim, { userId: user.id, at: session.createdAt, proof })
  return open(state, user, { session })
}

export function open(
  state: MemoryState,
  user: UserRow,
  { session, newUser = false }: { session: NewSession; newUser?: boolean },
): OpenedSignIn {
  removeMergedUsers(state, session.createdAt)
  openSession(state, session, user.id)
  return { status: 'bound', user: toUser(user), newUser }
}

export function ownerOf(state: MemoryState, identity: Identity): UserRow | null {
  const row = state.identities.get(identityKey(identity))
  return (row && state.users.get(row.userId)) ?? null
}

/** The one owner of the unionid, unless that user has another identity in this app. */
function samePersonInOtherApp(state: MemoryState, { unionid, appId }: Identity): UserRow | null {
  if (unionid === null) return null
  const [owner, another] = ownersOfUnionid(state, unionid)
  if (owner === undefined || another !== undefined) return null
  return identityInApp(state, owner.id, appId) === null ? owner : null
}

function link(
  state: MemoryState,
  { identity, ticketHash }: ClaimedIdentity,
  { userId, at, proof = null }: { userId: string; at: number; proof?: string | null | undefined },
): void {
  if (ticketHash !== null) markUsed(state, ticketHash, { userId, proof, at })
  const bound = state.identities.get(identityKey(identity))
  if (bound === undefined) insertIdentity(state, identity, { userId, boundAt: at })
  else renewIdentity(state, bound, identity)
  noteConflicts(state, identity.unionid, { userId, at })
}
