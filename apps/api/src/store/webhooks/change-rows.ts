import { usersOfEvent } from '@mianmi/core'
import { isStoredEvent, type OutboxRow, parseArray, type StoredEvent } from './outbox-row.ts'

/** What a row waits for is changed to: null where nothing of it is left. */
export type ChangedRow = Pick<OutboxRow, 'id'> & {
  readonly content: Pick<OutboxRow, 'events' | 'users'> | null
}

/** The persons in whose order events wait, and the users whom they are about. */
const usersOf = (event: StoredEvent) => ({ ...usersOfEvent(event), ...event.order })

export interface DroppedUsers {
  /** The deleted ones. */
  readonly userIds: readonly string[]
  /** Those of `othersInOrderOf` who do not exist. */
  readonly goneIds: readonly string[]
  /** When the last attempt ends that is under way, ms since the epoch; null where none is. What is left in their order waits for it. */
  readonly notBefore: number | null
}

/**
 * Drops what waits about users who are deleted, as `drop` does with deliveries. What cannot be read goes too where it names one
 * of them.
 *
 * @param rows that name one of the users
 */
export function dropFromRows(
  rows: readonly OutboxRow[],
  { userIds, goneIds, notBefore }: DroppedUsers,
): ChangedRow[] {
  const isDropped = (value: unknown): boolean => {
    if (!isStoredEvent(value)) return userIds.some((id) => JSON.stringify(value).includes(id))
    const { personId, userId } = usersOf(value)
    const isMerge = value.type === 'user.merged' || value.type === 'user.unmerged'
    return (
      userIds.includes(userId) ||
      (userIds.includes(personId) && !isMerge && goneIds.includes(userId))
    )
  }
  const postponed = (value: unknown): unknown => {
    if (notBefore === null || !isStoredEvent(value)) return value
    const { personId } = usersOf(value)
    if (!userIds.includes(personId)) return value
    const latest = Math.max(notBefore, value.order?.notBefore ?? 0)
    return { ...value, order: { personId, notBefore: latest } }
  }
  return rows.map(({ id, events, users }) => {
    const left = parseArray(events)?.filter((value) => !isDropped(value)) ?? []
    const kept = left.map(postponed)
    if (kept.length === 0) return { id, content: null }
    const named = kept.filter(isStoredEvent).map(({ userId }) => userId)
    const forgotten = userIds.filter((userId) => !named.includes(userId))
    return { id, content: { events: JSON.stringify(kept), users: withoutUsers(users, forgotten) } }
  })
}

/** The users of other events that wait in the order of these users. */
export function othersInOrderOf(
  rows: readonly OutboxRow[],
  userIds: readonly string[],
): readonly string[] {
  const events = rows.flatMap((row) => parseArray(row.events) ?? []).filter(isStoredEvent)
  return events
    .map(usersOf)
    .filter(({ personId, userId }) => userIds.includes(personId) && !userIds.includes(userId))
    .map(({ userId }) => userId)
}

/** What waits in the order of a merged user goes on in that of the kept one. @param rows that name the merged user */
export function joinInRows(
  rows: readonly OutboxRow[],
  { from, to }: { readonly from: string; readonly to: string },
): ChangedRow[] {
  return rows.flatMap(({ id, events, users }) => {
    const found = parseArray(events)
    if (found === null) return []
    const joined = found.map((value) =>
      isStoredEvent(value) && usersOf(value).personId === from
        ? { ...value, order: { ...value.order, personId: to } }
        : value,
    )
    return [{ id, content: { events: JSON.stringify(joined), users } }]
  })
}

function withoutUsers(users: string | null, userIds: readonly string[]): string | null {
  const known = users === null ? null : parseArray(users)
  if (known === null) return users
  return JSON.stringify(known.filter((user) => !userIds.includes((user as string[])[0] ?? '')))
}
