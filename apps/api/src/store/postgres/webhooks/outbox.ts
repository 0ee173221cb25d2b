import { changedFields, type UpdatedField, usersOfEvent, type WebhookEvent } from '@mianmi/core'
import { type StoredEvent, usersToRead } from '../../webhooks/outbox-row.ts'
import type { Queries } from '../connection/queries.ts'
import type { Receivers } from './receivers.ts'
import { appendEvents, type Queue, writeWithChanges } from './write-events.ts'

/** A session that was deleted. */
export interface EndedSession {
  readonly id: string
  readonly userId: string
  readonly appId: string
  readonly expiresAt: number
}

/** The columns of `EndedSession`, to be returned by a deletion. */
export const endedSessionColumns =
  'id, user_id as "userId", app_id as "appId", expires_at as "expiresAt"'

type UserState = Readonly<Partial<Record<UpdatedField, string | null>>>

/** The events of a transaction. They are written at its end, when the rows are locked that the verb rests on. */
export interface Outbox {
  /** @param personId in whose order it is sent, where that is not the user */
  emit(event: WebhookEvent, personId?: string): void
  /** Tells the sessions that have not expired before. Returns how many were deleted. */
  emitEnded(ended: readonly EndedSession[]): number
  /** Tells which fields of a user have another value, where there is one. */
  emitUpdate(userId: string, before: UserState, after: UserState): void
  /**
   * Takes the events until now as the columns `at` and `events` of a row, which a later statement of the verb must write. Null
   * where there is none to write, or where it needs more than these columns.
   */
  takeRow(): Promise<readonly [at: number, events: string] | null>
  /**
   * Drops what is to be sent about users who are deleted, also by this transaction until now. In their order it leaves what
   * was to be sent before about a user who is not deleted with them.
   */
  drop(userIds: readonly string[]): void
  /** What is to be sent about a merged user goes on in the order of the kept one. */
  join(from: string, to: string): void
}

/** What the events of a node need, set by who opens the store. */
export interface OutboxSettings {
  /** The clock of the events, ms since the epoch. */
  now: () => number
  /** Called after a commit that wrote events. */
  onWritten: () => void
  readonly receivers: Receivers
}

/** @returns `flush`, to be called before the commit, says whether it wrote events */
export function createOutbox(
  queries: Queries,
  { now, receivers }: Pick<OutboxSettings, 'now' | 'receivers'>,
): { readonly outbox: Outbox; flush(): Promise<boolean> } {
  const queue: Queue = { events: [], dropped: [], joined: [] }
  const emit = (event: WebhookEvent, personId?: string): void => {
    queue.events.push(personId === undefined ? event : { ...event, order: { personId } })
  }
  let isTaken = false
  /** The events that webhooks ask for, where nothing else is to be done for them. */
  const wantedOf = async ({ events, dropped, joined }: Queue): Promise<StoredEvent[]> => {
    if (events.length === 0 || dropped.length > 0 || joined.length > 0) return []
    const isAskedFor = await receivers.askFor(queries)
    return events.filter(({ type }) => isAskedFor(type))
  }
  const outbox: Outbox = {
    emit,
    emitEnded(ended) {
      const at = now()
      for (const { id: sessionId, userId, appId, expiresAt } of ended)
        if (expiresAt > at) emit({ type: 'session.ended', userId, appId, sessionId })
      return ended.length
    },
    emitUpdate(userId, before, after) {
      const changed = changedFields(before, after)
      if (changed.length > 0) emit({ type: 'user.updated', userId, changed })
    },
    async takeRow() {
      const wanted = await wantedOf(queue)
      if (wanted.length === 0 || usersToRead(wanted).length > 0) return null
      queue.events = []
      isTaken = true
      return [now(), JSON.stringify(wanted)]
    },
    drop(userIds) {
      queue.dropped.push(...userIds)
      queue.events = queue.events.filter((event) => {
        const { personId, userId } = usersOfEvent(event)
        return !userIds.includes(personId) && !userIds.includes(userId)
      })
    },
    join(from, to) {
      queue.joined.push({ from, to })
      queue.events = queue.events.map((event) =>
        usersOfEvent(event).personId === from ? { ...event, order: { personId: to } } : event,
      )
    },
  }
  return {
    outbox,
    async flush() {
      const { events, dropped, joined } = queue
      // Where there is something to join or to drop, there is an event too.
      if (events.length === 0) return isTaken
      if (dropped.length > 0 || joined.length > 0)
        return (await writeWithChanges(queries, queue, now())) || isTaken
      const wanted = await wantedOf(queue)
      if (wanted.length > 0) await appendEvents(queries, wanted, now())
      return wanted.length > 0 || isTaken
    },
  }
}
