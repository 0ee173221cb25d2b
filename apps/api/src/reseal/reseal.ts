import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '@mianmi/core'
import type { SealedChange, SealedRow, SealedRowStore, SealedTable, Store } from '../store/store.ts'
import { claimAlone, requireKnownKey } from '../tokens/claim-database.ts'
import type { RootKey } from '../tokens/root-key.ts'
import { createResealers, type Resealer, type Resealers } from './resealers.ts'

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
  { rootKeys, sealedRows }: Pick<Store, 'rootKeys' | 'sealedRows'>,
  root: RootKey,
  { report, discard = false }: ResealOptions,
): Promise<ResealResult> {
  if (!discard) await requireKnownKey(rootKeys, root)
  if (isUsedAgain(await rootKeys.used(), root.id)) report(usedAgain)
  // Before anything is written under it: the process may be ended at any time.
  await patiently(() => rootKeys.record(root.id, Date.now()))
  const rows = { sealedRows, listed: root.ids, discard }
  const resealers = createResealers(root)
  const totals = { resealed: 0, discarded: {} as Record<string, number> }
  for (let pass = 1; pass <= maxPasses; pass++) {
    const lines = pass === 1 ? report : () => {}
    const found = await passOver(rows, resealers, lines)
    const { resealed, unreadable, discarded, sharedNumbers } = found
    totals.resealed += resealed
    for (const [table, count] of Object.entries(discarded)) addTo(totals.discarded, table, count)
    if (resealed > 0 || Object.keys(discarded).length > 0) continue
    const isComplete = Object.keys(unreadable).length === 0 && sharedNumbers.length === 0
    if (isComplete) await patiently(() => claimAlone(rootKeys, root, Date.now()))
    return { ...totals, unreadable, sharedNumbers, isComplete }
  }
  return { ...totals, unreadable: {}, sharedNumbers: [], isComplete: false }
}

const usedAgain =
  'a process has written under another key after the first one was in use; before that key is removed, restart every process with the first key in front, then run reseal again'

/** A key is recorded behind the first one where a process that reseal did not know of goes on to write under it. */
const isUsedAgain = (used: readonly string[], first: string): boolean =>
  used.includes(first) && used.at(-1) !== first

interface ResealedRows {
  readonly sealedRows: SealedRowStore
  /** The ids of the keys in SECRET_KEY. */
  readonly listed: readonly string[]
  /** Whether what cannot be opened is discarded. */
  readonly discard: boolean
}

async function passOver(rows: ResealedRows, resealers: Resealers, report: (line: string) => void) {
  const result = {
    resealed: 0,
    unreadable: {} as Record<string, number>,
    discarded: {} as Record<string, number>,
    sharedNumbers: [] as string[],
  }
  for (const [name, resealer] of Object.entries(resealers) as [SealedTable, Resealers[never]][]) {
    let [seen, resealed, reported] = [0, 0, 0]
    for await (const step of stepsOf(rows, name, resealer)) {
      seen += step.seen
      resealed += step.resealed
      addTo(result.unreadable, name, step.unreadable)
      addTo(result.discarded, name, step.discarded)
      result.sharedNumbers.push(...step.shared)
      if (seen - reported < rowsPerReport) continue
      reported = seen
      report(`${name}: ${seen} rows read, ${resealed} sealed again`)
    }
    result.resealed += resealed
    report(`${name}: done, ${seen} rows read, ${resealed} sealed again`)
  }
  return result
}

function addTo(counts: Record<string, number>, name: string, count: number): void {
  if (count > 0) counts[name] = (counts[name] ?? 0) + count
}

interface Step {
  readonly seen: number
  readonly resealed: number
  readonly discarded: number
  readonly unreadable: number
  readonly shared: readonly string[]
}

interface Change<T extends SealedTable> extends SealedChange<T> {
  readonly isDiscarded: boolean
}

/** Goes through a table once. The new texts are made before the transaction, which writes only. */
async function* stepsOf<T extends SealedTable>(
  { sealedRows, listed, discard }: ResealedRows,
  table: T,
  resealer: Resealer<T>,
): AsyncGenerator<Step> {
  let after: SealedRow['position'] | null = null
  for (;;) {
    const rows: readonly SealedRow<T>[] = await sealedRows.page(table, {
      after,
      limit: rowsPerStep,
      listed,
    })
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.position
    let unreadable = 0
    const changes = rows.flatMap((row): Change<T>[] => {
      try {
        const to = resealer.reseal(row.columns)
        return to === null ? [] : [{ row, to, isDiscarded: false }]
      } catch {
        if (discard) return [{ row, to: resealer.empty(row.columns), isDiscarded: true }]
        unreadable += 1
        return []
      }
    })
    const since = performance.now()
    const written = await patiently(() => writeAll(sealedRows, table, changes))
    yield { seen: rows.length, unreadable, ...written }
    // As long as the step took, the database belongs to the service alone.
    if (changes.length > 0) await wait(performance.now() - since)
  }
}

async function writeAll<T extends SealedTable>(
  sealedRows: SealedRowStore,
  table: T,
  changes: readonly Change<T>[],
) {
  const results = changes.length === 0 ? [] : await sealedRows.replace(table, changes)
  const done = changes.filter((_change, index) => results[index] === 'done')
  const taken = changes.filter((_change, index) => results[index] === 'taken')
  return {
    resealed: done.filter(({ isDiscarded }) => !isDiscarded).length,
    discarded: done.filter(({ isDiscarded }) => isDiscarded).length,
    shared: taken.map(({ row: { columns, position } }) =>
      'userId' in columns ? String(columns.userId) : String(position),
    ),
  }
}

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
