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

/** How far lines were added. */
export interface AddedLines {
  /** The newest line, with its MAC. */
  readonly newest: { readonly id: number; readonly mac: Buffer }
  readonly head: ChainHead
}

/** Links lines to a head, to be added there by `addLines`. Null where there is none. */
export function draftLines(
  chain: { readonly key: KeyObject; readonly pseudonymOf: Pseudonyms },
  head: ChainHead,
  events: readonly AuditEvent[],
): (AddedLines & { readonly values: unknown[]; readonly after: Buffer }) | null {
  const linked = linkEvents(chain, head, events.map(withoutNul))
  const newest = linked.lines.at(-1)
  if (newest === undefined) return null
  return { newest, head: linked.head, after: head.state, values: lineValues(linked.lines) }
}

/**
 * Adds drafted lines to the chain and to the day counts in one statement.
 *
 * @returns false where the head is another one by now; never where the transaction has locked it
 */
export async function addLines(
  queries: Queries,
  { values, head, after }: NonNullable<ReturnType<typeof draftLines>>,
  counts: unknown[],
): Promise<boolean> {
  return (
    (await queries.run(insertLines, [...values, chainId, head.id, head.state, after, ...counts])) >
    0
  )
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
  update audit_chain set head_id = $14, head_state = $15 where id = $13 and head_state = $16 returning 1
), counts as (
  ${addDailyCounts(17, 'exists (select 1 from head)')}
)
insert into audit_events
  (id, at, action, outcome, user_id, operator_id, app_id, address, device, is_read, count, mac)
select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[],
  $7::text[], $8::text[], $9::text[], $10::smallint[], $11::bigint[], $12::bytea[])
where exists (select 1 from head)`

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
