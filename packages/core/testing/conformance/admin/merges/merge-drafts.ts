import {
  conflictKey,
  type Merge,
  type MergeOrder,
  type NewMerge,
} from '../../../../src/admin/index.ts'
import { hour, now, rules } from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { addPeople, noteConflict, type PersonDraft } from '../people/people.ts'

export const undoUntil: number = now + 24 * hour

export const newMerge = (id: string, at: number = now): NewMerge => ({
  id,
  adminId: 'administrator',
  at,
  undoUntil: at + 24 * hour,
  rules: { ...rules, now: at },
})

export const orderOf = (kept: string, gone: string, unionid = 'union'): MergeOrder => ({
  ...conflictKey({ unionid, firstUserId: kept, secondUserId: gone }),
  keepUserId: kept,
})

/** Stores with the users `kept` and `gone`, between whom there is a conflict. */
export async function openPair(
  make: MakeStores,
  drafts: { kept?: Partial<PersonDraft>; gone?: Partial<PersonDraft> } = {},
): Promise<TestedStores> {
  const stores = await make()
  await addPeople(stores, [
    { id: 'kept', ...drafts.kept },
    { id: 'gone', ...drafts.gone },
  ])
  await noteConflict(stores, { userIds: ['kept', 'gone'] })
  return stores
}

/** @throws Error where the merge was refused */
export async function mergePair(
  { merges }: TestedStores,
  id = 'm1',
  order: MergeOrder = orderOf('kept', 'gone'),
): Promise<Merge> {
  const merge = await merges.merge(order, newMerge(id))
  if (typeof merge === 'string') throw new Error(`the merge was refused: ${merge}`)
  return merge
}

/** The two users of each conflict, sorted. */
export const conflictPairs = async ({ merges }: TestedStores): Promise<string[]> =>
  (await merges.conflicts({ limit: 99 })).items
    .map(({ unionid, first, second }) => `${unionid}: ${[first.id, second.id].sort().join(' ')}`)
    .sort()

/** Everything that a merge moves and an undo gives back, but for the sessions, which both end. */
export async function snapshotOf(
  stores: TestedStores,
  userIds: readonly string[],
): Promise<readonly object[]> {
  const users = []
  for (const userId of userIds) {
    const person = await stores.people.find(userId)
    const { identities } = await stores.people.bindings(userId, now)
    const picture = person?.avatarUrl ? await stores.pictureAt(person.avatarUrl) : null
    const keys = identities.map(({ appId }) => stores.identities.sessionKeys({ userId, appId }))
    users.push({
      person: { ...person, lastSeenAt: null },
      identities: identities.map((identity) => ({ ...identity, lastSeenAt: null })),
      keys: await Promise.all(keys),
      phone: await stores.people.phoneOf(userId),
      passwordHash: await stores.users.findPasswordHash(userId),
      picture: picture && Array.from(picture.bytes),
    })
  }
  const { items } = await stores.merges.conflicts({ limit: 99 })
  const conflicts = items.map(({ unionid, detectedAt, first, second }) =>
    [unionid, detectedAt, first.id, second.id].join(' '),
  )
  return [...users, conflicts]
}
