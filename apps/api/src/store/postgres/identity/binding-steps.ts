import {
  type BoundBy,
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
import { removePerson } from '../account/removal.ts'
import { clearUserPhone, findUser, insertUser, requireUser } from '../account/user-rows.ts'
import type { Transaction } from '../connection/index.ts'
import type { PostgresDatabase } from '../database.ts'
import { endSessions } from '../session/end-sessions.ts'
import { openSession } from '../session/session-rows.ts'
import type { BindingScene } from './binding-scene.ts'
import { identitiesOf } from './identity-reads.ts'
import {
  findInApp,
  insertIdentity,
  isMerged,
  noteConflicts,
  type OwnedIdentity,
  renewKey,
  renewUnionid,
} from './identity-rows.ts'
import { isUnusedTicket, useTicket } from './ticket-rows.ts'
import { isBlocked, learnUnionid, liftUnbinding } from './unbindings.ts'

/** A claim with what WeChat returned last for its identity. */
interface LatestClaim {
  readonly identity: Identity
  readonly ticketHash: string | null
  /** The stored identity; null when it has no owner until now. */
  readonly owned: OwnedIdentity | null
  /** The key of the claim, where a newer ticket has another one. */
  readonly previousKey: string | null
  /** The unionid before, where a ticket or the binding until now had another one. */
  readonly previousUnionid: string | null
}

interface LinkDetails {
  readonly session: NewSession
  readonly by: BoundBy
  readonly proof?: string
}

export async function open(
  tx: Transaction,
  user: User,
  {
    session,
    newUser = false,
    unionidChanged = false,
    effects = [],
  }: { readonly session: NewSession } & Partial<OpenedSignIn>,
): Promise<OpenedSignIn> {
  await openSession(tx, session, { id: user.id, isNew: newUser })
  const opened = { status: 'bound', user, newUser, unionidChanged } as const
  return effects.length === 0 ? opened : { ...opened, effects }
}

export async function refuseTicket(
  tx: Transaction,
  { claim: { ticketHash } }: BindingScene,
): Promise<RefusedBinding | null> {
  if (ticketHash === null || (await isUnusedTicket(tx, ticketHash))) return null
  return { status: 'ticket_rejected' }
}

/** A login code is newer than anything that is stored. */
const byCode = ({ claim, owned }: BindingScene): LatestClaim => ({
  identity: claim.identity,
  ticketHash: null,
  owned,
  previousKey: null,
  previousUnionid: null,
})

/** A ticket was issued before its identity was bound, and newer tickets may have been issued after it. */
function latest(scene: BindingScene): LatestClaim {
  const { claim, owned, issued, unbound, unionid } = scene
  const { identity, ticketHash } = claim
  const before = newestUnionid([...issued, ...(owned ? [owned] : [])], unionid)
  const previousUnionid = before ?? owned?.previousUnionid ?? newestUnionid(unbound, unionid)
  if (ticketHash === null)
    return { ...byCode(scene), identity: { ...identity, unionid }, previousUnionid }
  // Read again, because a change of SECRET_KEY may have sealed them again since the ticket was found.
  const own = issued.find(({ hash }) => hash === ticketHash)?.key ?? identity.key
  const key = issued.at(-1)?.key ?? own
  const previousKey = key.fingerprint === own.fingerprint ? null : own.sealed
  const newest = { ...identity, key, unionid }
  return { identity: newest, ticketHash, owned, previousKey, previousUnionid }
}

/** Returns whether the unionid of a bound identity changed. */
async function link(
  tx: Transaction,
  claim: LatestClaim,
  {
    userId,
    session,
    by,
    proof = null,
    isNewUser = false,
  }: Omit<LinkDetails, 'proof'> & { userId: string; proof?: string | null; isNewUser?: boolean },
): Promise<boolean> {
  const { identity, ticketHash, owned, previousKey, previousUnionid } = claim
  const at = session.createdAt
  if (owned === null) {
    const { device } = session
    // The sessions that the user has in this app were opened through another WeChat, or before an unbinding.
    if (!isNewUser) await endSessions(tx, [userId], { appId: identity.appId })
    const binding = { userId, boundAt: at, boundBy: by, device, previousKey, previousUnionid }
    await insertIdentity(tx, identity, binding)
    const { appId, openid, unionid } = identity
    tx.outbox.emit({ type: 'identity.bound', userId, appId, openid, unionid })
  } else if (ticketHash === null) await renewKey(tx, identity, owned)
  if (owned?.unionid !== identity.unionid) await learnUnionid(tx, identity)
  const unionidChanged = owned !== null && (await renewUnionid(tx, identity, owned))
  if (ticketHash !== null) await useTicket(tx, ticketHash, { userId, proof, at })
  await noteConflicts(tx, { unionid: identity.unionid, userId, at })
  return unionidChanged
}

/**
 * The owner of the unionid in another app, unless this user already has an identity in this app, or the identity or its
 * unionid was unbound.
 */
async function ownerInOtherApp(
  tx: Transaction,
  identity: Identity,
  { unionid, unionidOwners }: BindingScene,
): Promise<User | null> {
  await learnUnionid(tx, identity)
  const [ownerId, another] = identity.unionid === unionid ? unionidOwners : []
  if (ownerId === undefined || another !== undefined) return null
  if ((await findInApp(tx, ownerId, identity.appId)) !== null) return null
  return (await isBlocked(tx, identity, ownerId)) ? null : findUser(tx, ownerId)
}

/**
 * Stores the unionid of a bound identity whose sign-in is refused, so that an unbinding everywhere finds it. Of a merged user
 * it proves nothing.
 */
async function learnOfBound(
  tx: Transaction,
  { identity, owned }: { identity: Identity; owned: OwnedIdentity },
  at: number,
): Promise<void> {
  if (await isMerged(tx, owned.user.id)) return
  await renewUnionid(tx, identity, owned)
  await learnUnionid(tx, identity)
  await noteConflicts(tx, { unionid: identity.unionid, userId: owned.user.id, at })
}

/** Signs in the owner of an identity, or the user whose unionid proves to be the same person. */
export async function signInOwner(tx: Transaction, scene: BindingScene, session: NewSession) {
  const { owned, claim } = scene
  const user = owned?.user ?? (await ownerInOtherApp(tx, claim.identity, scene))
  if (user === null) return null
  if (user.role === 'admin') return { status: 'forbidden' } as const
  if (user.disabledAt !== null) {
    if (owned !== null)
      await learnOfBound(tx, { identity: claim.identity, owned }, session.createdAt)
    return { status: 'user_disabled' } as const
  }
  const details = { userId: user.id, session, by: 'unionid' } as const
  const unionidChanged = await link(tx, owned === null ? latest(scene) : byCode(scene), details)
  const effects = owned === null ? [{ action: 'identity_link', userId: user.id } as const] : []
  return open(tx, user, { session, unionidChanged, effects })
}

/** `phoneOf`: the user who loses the number. */
type UserDraft = NewUser & { phone?: string; proof?: string; phoneOf?: string }

export async function create(
  tx: Transaction,
  scene: BindingScene,
  {
    database,
    session,
    draft,
  }: { database: PostgresDatabase; session: NewSession; draft: UserDraft },
): Promise<OpenedSignIn | RefusedBinding> {
  const claim = latest(scene)
  const owner = claim.owned?.user ?? (await ownerInOtherApp(tx, claim.identity, scene))
  if (owner !== null) return { status: 'identity_taken' }
  const { proof, phoneOf, ...user } = draft
  if (phoneOf !== undefined) await clearUserPhone(tx, phoneOf)
  const created = await insertUser(tx, database.phones, user)
  tx.outbox.emit({ type: 'user.created', userId: created.id, appId: claim.identity.appId })
  const by = draft.phone === undefined ? 'register' : 'phone'
  await link(tx, claim, {
    userId: created.id,
    isNewUser: true,
    session,
    by,
    ...(proof ? { proof } : {}),
  })
  const effects = phoneOf === undefined ? [] : [{ action: 'phone_moved', userId: phoneOf } as const]
  return open(tx, created, { session, newUser: true, effects })
}

/** Whether an identity goes to a proven account, because its user has nothing else. */
const isGivenUp = async (tx: Transaction, { user }: OwnedIdentity): Promise<boolean> =>
  hasOnlyFirstIdentity(await requireUser(tx, user.id), await identitiesOf(tx, user.id))

/**
 * Takes the only WeChat of a user, in each app, removes the user, and returns the claim with the identity's key, which is
 * newer than a ticket. The tickets of its identities stay.
 */
async function giveUp(
  tx: Transaction,
  claim: LatestClaim,
  {
    database,
    owned,
    users,
  }: { database: PostgresDatabase; owned: OwnedIdentity; users: readonly string[] },
): Promise<LatestClaim> {
  const { identity, ticketHash } = claim
  const stored = await findInApp(tx, owned.user.id, identity.appId)
  await tx.run('delete from identities where user_id = $1', [owned.user.id])
  const tickets = await tx.arrays<[string]>(otherTickets, [users])
  const removed = { users, tickets: tickets.map(([hash]) => hash) }
  await removePerson(tx, database, { userId: owned.user.id, ...removed })
  const key = (ticketHash !== null && stored && storedKey(stored)) || identity.key
  return { ...claim, identity: { ...identity, key }, owned: null }
}

/** Locked already, with those of the identities. */
const otherTickets = `select hash from tickets where used_by = any($1::text[])
  union select t.hash from identities i join tickets t using (app_id, openid) where i.user_id = any($1::text[])
  union select t.hash from unbindings u join tickets t using (app_id, openid) where u.user_id = any($1::text[])`

export async function attach(
  tx: Transaction,
  scene: BindingScene,
  {
    database,
    user,
    session,
    proof,
  }: { database: PostgresDatabase; user: User; session: NewSession; proof?: string },
): Promise<OpenedSignIn | RefusedBinding> {
  if (user.role === 'admin') return { status: 'credential_rejected' }
  if (user.disabledAt !== null) return { status: 'user_disabled' }
  const claim = latest(scene)
  const { owned, identity } = claim
  const isTaken = owned !== null && owned.user.id !== user.id
  if (isTaken && !(await isGivenUp(tx, owned))) return { status: 'identity_taken' }
  if (owned?.user.id !== user.id && (await findInApp(tx, user.id, identity.appId)) !== null)
    return { status: 'account_taken' }
  const free = isTaken ? await giveUp(tx, claim, { database, owned, users: scene.absorbed }) : claim
  await liftUnbinding(tx, identity, user.id)
  const by = proof === undefined ? 'password' : 'phone'
  const proven = proof === undefined ? {} : { proof }
  const unionidChanged = await link(tx, free, { userId: user.id, session, by, ...proven })
  const effects = isTaken ? [{ action: 'user_absorbed', userId: owned.user.id } as const] : []
  return open(tx, user, { session, unionidChanged, effects })
}
