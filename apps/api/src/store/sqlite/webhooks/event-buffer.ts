import type Sqlite from 'better-sqlite3'
import { type AskedForNames, askedForColumns, isAskedFor } from '../../webhooks/asked-for.ts'
import { type OutboxUser, type StoredEvent, usersToRead } from '../../webhooks/outbox-row.ts'
import { createAtFirstUse } from '../at-first-use.ts'

/**
 * The events of the transaction that runs. They are written at its end, as one row for all verbs that share its commit: each
 * further row, and each index, would cost a sign-in a part of what it costs itself.
 */
export interface EventBuffer {
  /** Takes an event, inside a transaction. */
  add(event: StoredEvent, at: number): void
  /** Writes what was taken, at the end of a transaction, and before it changes what waits for the fan-out. */
  write(): void
  /** Forgets what was taken, where a transaction is rolled back. */
  discard(): void
  /** To be called inside a transaction that makes something due. */
  note(): void
  /** To be called after each commit. */
  committed(): void
  /** Sets what is called after a commit that wrote events or made something due. Default: nothing. */
  listen(onWritten: () => void): void
}

export function createEventBuffer(sqlite: Sqlite.Database): EventBuffer {
  const statements = createAtFirstUse(() => prepareStatements(sqlite))
  let events: StoredEvent[] = []
  let at = 0
  let isWritten = false
  let onWritten = (): void => {}
  return {
    add(event, eventAt) {
      events.push(event)
      at = eventAt
    },
    write() {
      if (events.length === 0) return
      const { askedFor, readUsers, insert } = statements
      const names = askedFor.get()
      const wanted = events.filter(({ type }) => names !== undefined && isAskedFor(names, type))
      events = []
      if (wanted.length === 0) return
      const users = readUsers(usersToRead(wanted))
      insert.run(at, JSON.stringify(wanted), users.length === 0 ? null : JSON.stringify(users))
      isWritten = true
    },
    discard() {
      events = []
    },
    note() {
      isWritten = true
    },
    committed() {
      if (!isWritten) return
      isWritten = false
      onWritten()
    },
    listen(listener) {
      onWritten = listener
    },
  }
}

function prepareStatements(sqlite: Sqlite.Database) {
  const findUser = sqlite
    .prepare<[string], OutboxUser>('select id, external_id, role from users where id = ?')
    .raw()
  return {
    askedFor: sqlite.prepare<[], AskedForNames>(`select ${askedForColumns} from webhooks`),
    readUsers: (ids: readonly string[]): OutboxUser[] => ids.flatMap((id) => findUser.all(id)),
    insert: sqlite.prepare('insert into webhook_outbox (at, events, users) values (?, ?, ?)'),
  }
}
