import { changedFields, type UpdatedField, usersOfEvent, type WebhookEvent } from '@mianmi/core'
import type { Queries } from '../connection/queries.ts'
import { insertEvents } from './insert-events.ts'
import type { Receivers } from './receivers.ts'

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

interface QueuedEvent {
  readonly event: WebhookEvent
  readonly userId: string
  readonly personId: string
}

/** What a transaction has to write. */
interface Queue {
  events: QueuedEvent[]
  readonly dropped: string[]
  readonly joined: { readonly from: string; readonly to: string }[]
}

/** @returns `flush`, to be called before the commit, says whether it wrote events */
export function createOutbox(
  queries: Queries,
  { now, receivers }: Pick<OutboxSettings, 'now' | 'receivers'>,
): { readonly outbox: Outbox; flush(): Promise<boolean> } {
  const queue: Queue = { events: [], dropped: [], joined: [] }
  const emit = (event: WebhookEvent, personId?: string): void => {
    queue.events.push({
      event,
      ...usersOfEvent(event),
      ...(personId !== undefined && { personId }),
    })
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
    drop(userIds) {
      queue.dropped.push(...userIds)
      queue.events = queue.events.filter(
        ({ personId, userId }) => !userIds.includes(personId) && !userIds.includes(userId),
      )
    },
    join(from, to) {
      queue.joined.push({ from, to })
      queue.events = queue.events.map((queued) =>
        queued.personId === from ? { ...queued, personId: to } : queued,
      )
    },
  }
  return {
    outbox,
    async flush() {
      // Where there is something to join or to drop, there is an event too.
      if (queue.events.length === 0 || !(await receivers.exist(queries))) return false
      return writeQueue(queries, queue, now())
    },
  }
}

/**
 * In the order of `seq`, in which every statement locks several deliveries. Without a merge and its undo, a receiver would
 * not know whether the other user went with the deleted one. They have ids and nothing else, so they are sent even when the
 * merged user has been swept; other events only while their user exists.
 */
const drop = `with d as materialized (
    select seq from webhook_deliveries x
    where (person_id = any($1::text[]) and (user_id = any($1::text[])
        or case when type in ('user.merged', 'user.unmerged') then dead_at is not null
           else not exists (select from users u where u.id = x.user_id) end))
      or (user_id = any($1::text[]) and user_id <> person_id)
    order by seq for update)
  delete from webhook_deliveries x using d where x.seq = d.seq returning x.lease_until as until`
const join = `with d as materialized (
    select seq from webhook_deliveries where person_id = $1 order by seq for update)
  update webhook_deliveries x set person_id = $2 from d where x.seq = d.seq`
async function writeQueue(queries: Queries, queue: Queue, at: number): Promise<boolean> {
  const { events, dropped, joined } = queue
  const leases =
    dropped.length === 0 ? [] : await queries.all<{ until: number | null }>(drop, [dropped])
  const notBefore = Math.max(at, ...leases.map(({ until }) => until ?? 0))
  for (const { from, to } of joined) await queries.run(join, [from, to])
  return insertEvents(
    queries,
    events.map((queued) => {
      const dueAt = queued.event.type === 'user.deleted' ? notBefore : at
      return { ...queued, at, dueAt }
    }),
  )
}
