import type { ClaimedIdentity, Identity } from '@mianmi/core'
import { findSamePerson } from '../account/removal.ts'
import { findTickets } from '../account/user-locks.ts'
import { lockTickets, type Queries, runAgain, type Transaction } from '../connection/index.ts'
import { readStoredScene, type StoredScene } from './read-scene.ts'

/** What a binding rests on. Once it is locked, it stays as it is until the end of the transaction. */
export interface BindingScene extends StoredScene {
  readonly claim: ClaimedIdentity
  /** The user to bind to; null where there is none. */
  readonly targetId: string | null
  /** The user whose identity it is, and who may be removed by the binding, with those who were merged into it. */
  readonly absorbed: readonly string[]
}

interface SceneRequest {
  readonly claim: ClaimedIdentity
  /** Finds the user to bind to. */
  readonly findTarget?: (queries: Queries) => Promise<string | null>
}

/**
 * Locks what a binding rests on: the name of the unionid, the tickets of the identity, the identity, and the users, in
 * this order. What they are is read before, so it is read again afterwards.
 *
 * @throws QueryError where another transaction has changed it in between, so that the verb runs again
 */
export async function lockScene(tx: Transaction, request: SceneRequest): Promise<BindingScene> {
  const before = await lockSceneName(tx, request)
  const { claim, absorbed, unionid } = before
  const tickets = await findSceneTickets(tx, before)
  const users = usersOf(before)
  // A first sign-in. If another one comes first, the unique key of the identity makes this one run again.
  if (tickets.length === 0 && users.length === 0) return before
  if (tickets.length > 0) await lockTickets(tx, tickets)
  await lockSceneIdentities(tx, claim.identity, absorbed)
  await lockSceneUsers(tx, users, absorbed.length > 0)
  const after = await readScene(tx, request)
  const isLocked =
    after.unionid === unionid &&
    usersOf(after).every((id) => users.includes(id)) &&
    after.absorbed.every((id) => absorbed.includes(id)) &&
    (await findSceneTickets(tx, after)).every((hash) => tickets.includes(hash))
  if (!isLocked) throw runAgain('the identity has changed meanwhile')
  return after
}

/** Returns what was read after the name was locked: other transactions with it have ended. */
async function lockSceneName(tx: Transaction, request: SceneRequest): Promise<BindingScene> {
  const scene = await readScene(tx, request)
  const { unionid } = scene
  if (unionid === null) return scene
  await tx.lockNames([`unionid ${unionid}`])
  const after = await readScene(tx, request)
  if (after.unionid !== unionid) throw runAgain('the unionid has changed meanwhile')
  return after
}

async function readScene(
  queries: Queries,
  { claim, findTarget }: SceneRequest,
): Promise<BindingScene> {
  const stored = await readStoredScene(queries, claim)
  const { owned } = stored
  const targetId = (await findTarget?.(queries)) ?? null
  const isOther = owned !== null && targetId !== null && owned.user.id !== targetId
  const absorbed = isOther ? await findSamePerson(queries, owned.user.id) : []
  return { claim, ...stored, targetId, absorbed }
}

const usersOf = ({ owned, unionidOwners, targetId, absorbed }: BindingScene): string[] => [
  ...new Set([
    ...unionidOwners,
    ...absorbed,
    ...(owned === null ? [] : [owned.user.id]),
    ...(targetId === null ? [] : [targetId]),
  ]),
]

async function findSceneTickets(
  queries: Queries,
  { claim, issued, absorbed }: BindingScene,
): Promise<string[]> {
  const own = absorbed.length === 0 ? [] : await findTickets(queries, absorbed)
  return [
    ...issued.map(({ hash }) => hash),
    ...own,
    ...(claim.ticketHash === null ? [] : [claim.ticketHash]),
  ]
}

async function lockSceneIdentities(
  tx: Transaction,
  { appId, openid }: Identity,
  userIds: readonly string[],
): Promise<void> {
  tx.locking('identities')
  await tx.run(
    `select 1 from identities where (app_id = $1 and openid = $2) or user_id = any($3::text[])
     order by app_id, openid for update`,
    [appId, openid, userIds],
  )
}

/** Sign-ins of the users go on, except where one of them may be removed. */
async function lockSceneUsers(
  tx: Transaction,
  userIds: readonly string[],
  isRemoval: boolean,
): Promise<void> {
  tx.locking('users')
  if (userIds.length === 0) return
  const strength = isRemoval ? 'update' : 'no key update'
  await tx.run(`select 1 from users where id = any($1::text[]) order by id for ${strength}`, [
    userIds,
  ])
}
