import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '@mianmi/core'
import Sqlite from 'better-sqlite3'
import type { Database } from '../store/sqlite/index.ts'
import { claimAlone, recordKey, requireKnownKey } from '../tokens/claim-database.ts'
import type { RootKey } from '../tokens/root-key.ts'
import { listSealedTables, type SealedTable } from './sealed-tables.ts'

/** Rows in one transaction: short, so that a sign-in hardly waits for it. */
const rowsPerStep = 200
/** Rows between two reports of progress. */
const rowsPerReport = 10_000
/** How long a step waits for the writes of other processes, in ms. */
const maxBusyMs = 30_000
const busyPauseMs = 50
/** Each pass finds what the service wrote during the one before; more than a few mean that it writes under another key. */
const maxPasses = 10

export interface ResealResult {
  readonly resealed: number
  /** Rows that cannot be opened, by table. They are left as they are. */
  readonly unreadable: Readonly<Record<string, number>>
  /** Rows whose sealed data was discarded, by table. */
  readonly discarded: Readonly<Record<string, number>>
  /** Users whose phone number another user has too. They are left as they are. */
  readonly sharedNumbers: readonly string[]
  /** Whether no other key of SECRET_KEY is needed any more. */
  readonly isComplete: boolean
}

export interface ResealOptions {
  /** Gets a line for each table, and for each 10,000 rows of it. */
  readonly report: (line: string) => void
  /** Discards what cannot be opened, because its key is lost. Default: it is left. */
  readonly discard?: boolean
}

/**
 * Seals everything again that is sealed under another key than the first one, in steps, while the service runs. It may
 * be interrupted at any time and run again. When everything is under the first key, the other keys are retired: the
 * service starts without them from then on.
 *
 * @throws UnlistedKeyError when SECRET_KEY lists no key of the database and nothing is to be discarded, Failure
 * `overloaded` when another process holds the database for 30 s
 */
export async function reseal(
  database: Database,
  root: RootKey,
  { report, discard = false }: ResealOptions,
): Promise<ResealResult> {
  if (!discard) requireKnownKey(database, root)
  // Before anything is written under it: the process may be ended at any time.
  await patiently(() => database.write(() => recordKey(database, root, Date.now())))
  const tables = listSealedTables(database, root)
  const totals = { resealed: 0, discarded: {} as Record<string, number> }
  for (let pass = 1; pass <= maxPasses; pass++) {
    const lines = pass === 1 ? report : () => {}
    const { resealed, unreadable, discarded, sharedNumbers } = await passOver(database, tables, {
      report: lines,
      discard,
    })
    totals.resealed += resealed
    for (const [table, count] of Object.entries(discarded)) addTo(totals.discarded, table, count)
    if (resealed > 0 || Object.keys(discarded).length > 0) continue
    const isComplete = Object.keys(unreadable).length === 0 && sharedNumbers.length === 0
    if (isComplete)
      await patiently(() => database.write(() => claimAlone(database, root, Date.now())))
    return { ...totals, unreadable, sharedNumbers, isComplete }
  }
  return { ...totals, unreadable: {}, sharedNumbers: [], isComplete: false }
}

async function passOver(
  database: Database,
  tables: readonly SealedTable[],
  { report, discard }: Required<ResealOptions>,
) {
  const result = {
    resealed: 0,
    unreadable: {} as Record<string, number>,
    discarded: {} as Record<string, number>,
    sharedNumbers: [] as string[],
  }
  for (const table of tables) {
    let [seen, resealed, reported] = [0, 0, 0]
    for await (const step of stepsOf(database, table, discard)) {
      seen += step.seen
      resealed += step.resealed
      addTo(result.unreadable, table.name, step.unreadable)
      addTo(result.discarded, table.name, step.discarded)
      result.sharedNumbers.push(...step.shared)
      if (seen - reported < rowsPerReport) continue
      reported = seen
      report(`${table.name}: ${seen} rows read, ${resealed} sealed again`)
    }
    result.resealed += resealed
    report(`${table.name}: done, ${seen} rows read, ${resealed} sealed again`)
  }
  return result
}

function addTo(counts: Record<string, number>, name: string, count: number): void {
  if (count > 0) counts[name] = (counts[name] ?? 0) + count
}

interface Change {
  readonly row: Parameters<SealedTable['update']>[0]
  /** Null to discard what the row has sealed. */
  readonly columns: Parameters<SealedTable['update']>[1] | null
}

interface Step {
  readonly seen: number
  readonly resealed: number
  readonly discarded: number
  readonly unreadable: number
  readonly shared: readonly string[]
}

/** Goes through a table once. The new texts are made before the transaction, which writes only. */
async function* stepsOf(
  database: Database,
  table: SealedTable,
  discard: boolean,
): AsyncGenerator<Step> {
  let after: string | number | null = null
  for (;;) {
    const rows = table.page(after, rowsPerStep)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.position
    let unreadable = 0
    const changes = rows.flatMap((row): Change[] => {
      try {
        const columns = table.reseal(row)
        return columns === null ? [] : [{ row, columns }]
      } catch {
        if (discard) return [{ row, columns: null }]
        unreadable += 1
        return []
      }
    })
    const since = performance.now()
    const written =
      changes.length === 0
        ? { resealed: 0, discarded: 0, shared: [] }
        : await patiently(() => database.write(() => writeAll(table, changes)))
    yield { seen: rows.length, unreadable, ...written }
    // As long as the step took, the database belongs to the service alone.
    if (changes.length > 0) await wait(performance.now() - since)
  }
}

function writeAll(table: SealedTable, changes: readonly Change[]) {
  const written = { resealed: 0, discarded: 0, shared: [] as string[] }
  for (const { row, columns } of changes) {
    try {
      if (columns === null) written.discarded += Number(table.discard(row))
      else written.resealed += Number(table.update(row, columns))
    } catch (error) {
      if (!isTaken(error)) throw error
      written.shared.push(String(row.position))
    }
  }
  return written
}

const isTaken = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE'

/** Waits for other processes: a service under load, a backup. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const until = performance.now() + maxBusyMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const isBusy = error instanceof Failure && error.reason === 'overloaded'
      if (!isBusy || performance.now() > until) throw error
      await wait(busyPauseMs)
    }
  }
}
