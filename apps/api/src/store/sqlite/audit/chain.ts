import type { KeyObject } from 'node:crypto'
import { type AuditEvent, countExpired } from '@mianmi/core'
import { sql } from 'drizzle-orm'
import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import { type ChainHead, linkEvents } from '../../audit/chained-line.ts'
import { type ChainedLine, linkLine, sealAnchor, subjectMac } from '../../audit/line-mac.ts'
import { createAtFirstUse } from '../at-first-use.ts'
import { compileStatement } from '../compile-statement.ts'
import type { Database } from '../database.ts'
import { loadChainKey, onlyChain as only } from './chain-record.ts'
import { auditChain, auditEvents } from './schema.ts'
import { prepareSubjects } from './subjects.ts'

/** Upper limit of expired lines that are deleted with new ones. */
const sweepSize = 20
/** How many lines of a clock that was ahead may stand before one that has expired. */
const maxAhead = 1_000
/** Time in ms without another look after one that found no more to delete. */
const idleMs = 1_000

/** The columns of a line as its MAC covers them. */
export const lineColumns = `id, at, action, outcome, user_id as userId, operator_id as adminId, app_id as appId,
  address, device, is_read as isRead, count`

/** Adds lines to the audit log. Call it inside a transaction, whose work may run twice. */
export type AppendLines = (events: readonly AuditEvent[]) => void

export interface Chain {
  readonly append: AppendLines
  /** When it was started in the place of one that was deleted, in ms; null for the first chain. */
  readonly restartedAt: number | null
  /** Whether it was started just now. */
  readonly isNew: boolean
  /** Deletes a few of the lines that have expired. Call it inside a transaction. */
  sweep(now: number): void
}

/**
 * Prepares the chain of the audit log: each line has a MAC over itself and the state after the line before. The newest
 * state is in the database and is read in each transaction, so that several processes add to one chain.
 */
export function openChain(database: Database, sealer: AuditKeySealer): Chain {
  const { key, restartedAt, isNew } = loadChainKey(database, sealer)
  const subjects = createAtFirstUse(() => prepareSubjects(database))
  const pseudonymOf = (userId: string) => subjects.of(userId, (subject) => subjectMac(key, subject))
  const rows = createAtFirstUse(() => prepareRows(database))
  const old = createAtFirstUse(() => prepareLineSweep(database, key))
  const append: AppendLines = (events) => {
    if (events.length === 0) return
    const { lines, head } = linkEvents({ key, pseudonymOf }, rows.head(), events)
    for (const line of lines) rows.insert(line)
    rows.setHead(head)
  }
  return { append, restartedAt, isNew, sweep: (now) => old.sweep(now) }
}

function prepareRows({ orm, sqlite }: Database) {
  const newestId = sql<number | null>`(select max(id) from audit_events)`
  const findHead = compileStatement<[id: number, state: Buffer, newestId: number | null]>(
    sqlite,
    orm
      .select({ id: auditChain.headId, state: auditChain.headState, newestId })
      .from(auditChain)
      .where(only),
  )
  const setHead = compileStatement(
    sqlite,
    orm
      .update(auditChain)
      .set({ headId: sql`${sql.placeholder('id')}`, headState: sql`${sql.placeholder('state')}` })
      .where(only),
  )
  const insert = compileStatement(
    sqlite,
    orm.insert(auditEvents).values({
      id: sql.placeholder('id'),
      at: sql.placeholder('at'),
      action: sql.placeholder('action'),
      outcome: sql.placeholder('outcome'),
      userId: sql.placeholder('userId'),
      adminId: sql.placeholder('adminId'),
      appId: sql.placeholder('appId'),
      address: sql.placeholder('address'),
      device: sql.placeholder('device'),
      isRead: sql.placeholder('isRead'),
      count: sql.placeholder('count'),
      mac: sql.placeholder('mac'),
    }),
  )
  return {
    /** The newest line, and the state after it. The id is above each one in the table, also of a line from elsewhere. */
    head: (): ChainHead => {
      const head = findHead.get({})
      if (head === undefined) throw new Error('the table audit_chain has lost its row')
      const [id, state, newest] = head
      return { id: Math.max(id, newest ?? 0), state }
    },
    insert: (line: ChainedLine & { mac: Buffer }): void => void insert.run(line),
    setHead: ({ id, state }: ChainHead): void => void setHead.run({ id, state }),
  }
}

/** Deletes the oldest lines when they have expired, and moves the anchor of the chain behind them. */
function prepareLineSweep({ orm, sqlite, clock }: Database, key: KeyObject): Pick<Chain, 'sweep'> {
  const oldest = sqlite.prepare<[number], { id: number; at: number }>(
    'select id, at from audit_events order by id limit ?',
  )
  const between = sqlite.prepare<[number, number], ChainedLine>(
    `select ${lineColumns} from audit_events where id > ? and id <= ? order by id`,
  )
  const deleteUntil = sqlite.prepare<[number]>('delete from audit_events where id <= ?')
  const moveAnchor = (until: number): void => {
    const anchor = orm.select().from(auditChain).where(only).get()
    if (anchor === undefined || until <= anchor.anchorId) return
    let state = anchor.anchorState
    for (const line of between.all(anchor.anchorId, until)) state = linkLine(key, state, line).state
    const moved = { ...anchor, anchorId: until, anchorState: state }
    const anchorSeal = sealAnchor(key, moved)
    orm
      .update(auditChain)
      .set({ anchorId: until, anchorState: state, anchorSeal })
      .where(only)
      .run()
  }
  let sweptAt = Number.NEGATIVE_INFINITY
  const sweep = (serviceNow: number): void => {
    // The clock of the service, and never the time of a line, says what has expired.
    const now = clock.observe(serviceNow).earliest
    if (Math.abs(now - sweptAt) < idleMs) return
    const first = oldest.all(sweepSize)
    const isAhead = first[0] !== undefined && first[0].at > now
    const rows = isAhead ? oldest.all(maxAhead) : first
    const times = rows.map(({ at }) => at)
    const until = rows[Math.min(countExpired(times, now), sweepSize) - 1]?.id
    if (until === undefined || rows.length < sweepSize) sweptAt = now
    if (until === undefined) return
    moveAnchor(until)
    deleteUntil.run(until)
  }
  return { sweep }
}
