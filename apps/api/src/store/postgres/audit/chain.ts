import type { KeyObject } from 'node:crypto'
import type { AuditEvent } from '@mianmi/core'
import { countExpired } from '@mianmi/core'
import { chainId } from '../../audit/chain-key.ts'
import { type ChainHead, linkEvents } from '../../audit/chained-line.ts'
import { type ChainedLine, linkLine, sealAnchor } from '../../audit/line-mac.ts'
import { addDailyCounts, dailyCountValues } from '../admin/overview/daily-counts.ts'
import type { Queries, Transaction } from '../connection/index.ts'
import { findChain } from './chain-record.ts'
import type { Pseudonyms } from './subjects.ts'

/** The columns of a line as its MAC covers them. */
export const lineColumns = `id, at, action, outcome, user_id as "userId", operator_id as "adminId",
app_id as "appId", address, device, is_read as "isRead", count`

/** How many lines of a clock that was ahead may stand before one that has expired. */
const maxAhead = 1_000

/** What is added to the log at once. */
export interface NewLines {
  readonly lines: readonly AuditEvent[]
  /** What is added to the day counts. */
  readonly counted: readonly AuditEvent[]
}

/** Of the counts by day: see `dailyCountValues`. */
export interface CountSettings {
  readonly part: number
  readonly appIds: ReadonlySet<string>
}

/** The users and administrators of lines, each once. */
export const subjectsOf = (events: readonly AuditEvent[]): string[] => [
  ...new Set(
    events.flatMap(({ userId, adminId }) => [userId, adminId ?? null].filter((id) => id !== null)),
  ),
]

/** Locks the one row of the chain, after everything else that a transaction locks, and reads its newest state. */
export async function lockHead(tx: Transaction): Promise<ChainHead> {
  const head = await tx.first<ChainHead & { newestId: number | null }>(
    `select head_id as id, head_state as state, (select max(id) from audit_events) as "newestId"
     from audit_chain where id = $1 for update`,
    [chainId],
  )
  if (head === null) throw new Error('the table audit_chain has lost its row')
  const { id, state, newestId } = head
  // Above each line in the table, also one from elsewhere.
  return { id: Math.max(id, newestId ?? 0), state }
}

/**
 * Adds lines to the chain and to the day counts in one statement. The head must be locked.
 *
 * @returns the newest line; null where there is none to add
 */
export async function addLines(
  tx: Transaction,
  chain: {
    readonly key: KeyObject
    readonly pseudonymOf: Pseudonyms
    readonly counts: CountSettings
  },
  { head, lines: events, counted }: NewLines & { readonly head: ChainHead },
): Promise<{ readonly id: number; readonly mac: Buffer } | null> {
  const { lines, head: next } = linkEvents(chain, head, events.map(withoutNul))
  const newest = lines.at(-1)
  if (newest === undefined) {
    await addCounts(tx, counted, chain.counts)
    return null
  }
  await tx.run(insertLines, [
    ...lineValues(lines),
    chainId,
    next.id,
    next.state,
    ...dailyCountValues(counted, chain.counts),
  ])
  return { id: newest.id, mac: newest.mac }
}

/** Adds events to the day counts alone. */
export async function addCounts(
  queries: Queries,
  counted: readonly AuditEvent[],
  settings: CountSettings,
): Promise<void> {
  if (counted.length > 0) await queries.run(addCountsAlone, dailyCountValues(counted, settings))
}

const addCountsAlone = addDailyCounts(1)

const insertLines = `with head as (
  update audit_chain set head_id = $14, head_state = $15 where id = $13
), counts as (
  ${addDailyCounts(16)}
)
insert into audit_events
  (id, at, action, outcome, user_id, operator_id, app_id, address, device, is_read, count, mac)
select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[],
  $7::text[], $8::text[], $9::text[], $10::smallint[], $11::bigint[], $12::bytea[])`

function lineValues(lines: readonly (ChainedLine & { readonly mac: Buffer })[]): unknown[] {
  return [
    lines.map(({ id }) => id),
    lines.map(({ at }) => at),
    lines.map(({ action }) => action),
    lines.map(({ outcome }) => outcome),
    lines.map(({ userId }) => userId),
    lines.map(({ adminId }) => adminId),
    lines.map(({ appId }) => appId),
    lines.map(({ address }) => address),
    lines.map(({ device }) => device),
    lines.map(({ isRead }) => isRead),
    lines.map(({ count }) => count),
    lines.map(({ mac }) => mac),
  ]
}

/** PostgreSQL stores no U+0000, and one line of a caller must not keep the others out. */
function withoutNul(event: AuditEvent): AuditEvent {
  const { appId, origin } = event
  const hasNul = [appId, origin?.address, origin?.device].some((text) => text?.includes('\0'))
  if (!hasNul) return event
  const clean = <Text extends string | null>(text: Text) => text?.replaceAll('\0', '\uFFFD') ?? null
  return {
    ...event,
    appId: clean(appId),
    origin: origin && { address: clean(origin.address) ?? '', device: clean(origin.device) },
  }
}

/**
 * Deletes the oldest lines when they have expired, and moves the anchor of the chain behind them. The head must be
 * locked.
 *
 * @param limits.now the clock of the service, never the time of a line
 * @param limits.most upper limit of deleted lines
 */
export async function sweepLines(
  tx: Transaction,
  key: KeyObject,
  { now, most }: { readonly now: number; readonly most: number },
): Promise<void> {
  const oldest = (limit: number): Promise<{ id: number; at: number }[]> =>
    tx.all('select id, at from audit_events order by id limit $1', [limit])
  const [first] = await oldest(1)
  const isAhead = first !== undefined && first.at > now
  if (first === undefined || (!isAhead && countExpired([first.at], now) === 0)) return
  const rows = await oldest(isAhead ? Math.max(most, maxAhead) : most)
  const times = rows.map(({ at }) => at)
  const until = rows[Math.min(countExpired(times, now), most) - 1]?.id
  if (until === undefined) return
  await moveAnchor(tx, key, until)
  await tx.run('delete from audit_events where id <= $1', [until])
}

async function moveAnchor(tx: Transaction, key: KeyObject, until: number): Promise<void> {
  const chain = await findChain(tx)
  if (chain === null || until <= chain.anchorId) return
  const lines = await tx.all<ChainedLine>(
    `select ${lineColumns} from audit_events where id > $1 and id <= $2 order by id`,
    [chain.anchorId, until],
  )
  let state = chain.anchorState
  for (const line of lines) state = linkLine(key, state, line).state
  const anchor = { ...chain, anchorId: until, anchorState: state }
  await tx.run(
    `update audit_chain set anchor_id = $2, anchor_state = $3, anchor_seal = $4 where id = $1`,
    [chainId, until, state, sealAnchor(key, anchor)],
  )
}
