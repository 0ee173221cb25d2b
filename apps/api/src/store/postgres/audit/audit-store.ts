import type { AuditEvent } from '@mianmi/core'
import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import type { ChainKey } from '../../audit/chain-key.ts'
import type { ChainHead } from '../../audit/chained-line.ts'
import { mostFromInbox, readInboxLine, writeInboxLine } from '../../audit/inbox-line.ts'
import type { AuditStore } from '../../store.ts'
import { dailyCountValues } from '../admin/overview/daily-counts.ts'
import type { ObservedClock } from '../clock/observed-clock.ts'
import type { Postgres, Transaction } from '../connection/index.ts'
import { type AuditBatch, createAuditQueue } from './audit-queue.ts'
import {
  type AddedLines,
  addCounts,
  addLines,
  type CountSettings,
  draftLines,
  lockHead,
  type NewLines,
  subjectsOf,
  sweepLines,
} from './chain.ts'
import { findChain, loadChainKey } from './chain-record.ts'
import type { KnownLine } from './restoration.ts'
import { createSubjects, forgetSubjects, type Pseudonyms, type Subjects } from './subjects.ts'
import { verifyChain } from './verify.ts'

/** Time in ms between two looks for lines that have expired, and upper limit of lines that are deleted then. */
const sweepEveryMs = 1_000
const sweepSize = 1_000

interface AuditStoreOptions {
  readonly postgres: Pick<Postgres, 'reads' | 'writes' | 'transaction'>
  readonly keys: AuditKeySealer
  readonly now: () => number
  readonly clock: ObservedClock
  /** Of the day counts of this node. */
  readonly counts: CountSettings
  readonly onError: (error: unknown) => void
}

/** What only the store itself uses. */
export interface PostgresAuditStore extends AuditStore {
  /** Adds lines in a transaction that changes what they tell of. Nothing else may be locked after it. */
  append(tx: Transaction, events: readonly AuditEvent[]): Promise<void>
  /** Writes what this node still holds. Never fails: what cannot be written is kept, or goes to `onError`. */
  flush(): Promise<void>
  /** The newest line that this node has written; null where there is none. */
  newest(): KnownLine | null
  /** Drops what is remembered of the database, which has become an older copy of itself. */
  forget(): Promise<void>
}

interface OpenChain extends ChainKey {
  readonly isNew: boolean
  readonly subjects: Subjects
}

/**
 * The audit log of all nodes is one chain. A node writes the lines of up to 25 ms in one transaction, which locks the row
 * with the newest state, so the nodes take turns; no other verb waits for that row. See docs/decisions/0019.
 */
export function createAuditStore(options: AuditStoreOptions): PostgresAuditStore {
  const { postgres, keys, now, onError } = options
  const { reads, transaction } = postgres
  let opened: OpenChain | null = null
  const chain = (): OpenChain => {
    if (opened === null) throw new Error('the audit log is not open')
    return opened
  }
  const batches = createBatchWriter(options, chain)
  const queue = createAuditQueue({ write: batches.write, onError })
  const append = (tx: Transaction, events: readonly AuditEvent[]): Promise<void> =>
    appendIn(tx, chain(), events)
  const openChain = async (): Promise<OpenChain> => {
    const loaded = await loadChainKey(postgres, keys, now())
    return { ...loaded, subjects: createSubjects(postgres, loaded.key) }
  }
  return {
    async open() {
      opened ??= await openChain()
      const { restartedAt, isNew } = opened
      return { restartedAt, isNew }
    },
    sealedKey: async () => (await findChain(reads))?.sealedKey ?? null,
    head: async () => {
      const line = await reads.first<{ id: number; mac: string | null }>(
        `select id, encode(mac, 'hex') as mac from audit_events order by id desc limit 1`,
      )
      return line?.mac ? { id: line.id, mac: line.mac } : null
    },
    newestDevice: async (action) => {
      const line = await reads.first<{ device: string | null }>(
        // The second condition is that of the partial index.
        `select device from audit_events where action = $1 and action <> 'sign_in'
         order by at desc, id desc limit 1`,
        [action],
      )
      return line?.device ?? null
    },
    record(event) {
      chain()
      queue.record(event)
    },
    tally(event) {
      chain()
      queue.tally(event)
    },
    write: async (event) => {
      chain()
      await queue.write(event)
    },
    leave: async (event) =>
      void (await postgres.writes.run('insert into audit_inbox (event) values ($1)', [
        writeInboxLine(event),
      ])),
    takeInbox: async () => {
      const found = await reads.first('select 1 from audit_inbox limit 1')
      if (found === null) return
      await transaction([], async (tx) => append(tx, await takeLines(tx, now())))
    },
    verify: () => verifyChain(reads, keys),
    append,
    flush: queue.flush,
    newest: batches.newest,
    async forget() {
      batches.forget()
      if (opened !== null) opened = await openChain()
    },
  }
}

/** For how long after another node has added lines this one locks the head before it adds its own, in ms. */
const contendedMs = 500

/**
 * Writes one batch: the pseudonyms first, then the lines and counts. Where no other node writes, that is one statement,
 * which finds the head as this node has left it. Else it is a transaction, which locks the head and so waits for its turn.
 */
function createBatchWriter(
  { postgres, now, clock, counts }: AuditStoreOptions,
  open: () => OpenChain,
) {
  let sweptAt = Number.NEGATIVE_INFINITY
  /** The head after the last batch; null where another node may have moved it. */
  let known: ChainHead | null = null
  let contendedUntil = 0
  /** The newest line of this batch as it was tried; null where none was sent. */
  let tried: AddedLines['newest'] | null = null
  /** The newest line of the last batch. */
  let written: AddedLines['newest'] | null = null
  const addAtKnownHead = async (lines: ChainParts, added: NewLines): Promise<boolean> => {
    const draft = known && draftLines(lines, known, added.lines)
    known = null
    if (draft === null || performance.now() < contendedUntil) return false
    tried = draft.newest
    const isAdded = await addLines(postgres.writes, draft, dailyCountValues(added.counted, counts))
    if (isAdded) known = draft.head
    else contendedUntil = performance.now() + contendedMs
    return isAdded
  }
  const write = async ({ isRepeated, ...added }: AuditBatch): Promise<void> => {
    if (added.lines.length === 0) return addCounts(postgres.writes, added.counted, counts)
    if (!isRepeated) tried = null
    const { key, subjects } = open()
    const parts = { key, pseudonymOf: await subjects.find(subjectsOf(added.lines)) }
    const observed = clock.observe(now()).earliest
    const isDue = Math.abs(observed - sweptAt) >= sweepEveryMs
    if (!isRepeated && !isDue && (await addAtKnownHead(parts, added))) {
      written = tried
      return
    }
    const doubtful = isRepeated ? tried : null
    known = await postgres.transaction([], async (tx) => {
      const head = await lockHead(tx)
      if (doubtful !== null && (await hasLine(tx, doubtful))) return null
      const draft = draftLines(parts, head, added.lines)
      if (draft === null) return null
      tried = draft.newest
      await addLines(tx, draft, dailyCountValues(added.counted, counts))
      if (isDue) await sweepLines(tx, key, { now: observed, most: sweepSize })
      return draft.head
    })
    written = tried
    if (!isDue) return
    sweptAt = observed
    await forgetSubjects(postgres.writes, now())
  }
  return {
    write,
    newest: (): KnownLine | null => written && { id: written.id, mac: written.mac.toString('hex') },
    forget(): void {
      known = null
      written = null
    },
  }
}

/** What lines are linked with. */
interface ChainParts {
  readonly key: ChainKey['key']
  readonly pseudonymOf: Pseudonyms
}

async function hasLine(
  tx: Transaction,
  { id, mac }: { readonly id: number; readonly mac: Buffer },
): Promise<boolean> {
  return (await tx.run('select 1 from audit_events where id = $1 and mac = $2', [id, mac])) === 1
}

async function appendIn(
  tx: Transaction,
  { key, subjects }: OpenChain,
  events: readonly AuditEvent[],
): Promise<void> {
  if (events.length === 0) return
  const pseudonymOf = await subjects.find(subjectsOf(events), tx)
  const draft = draftLines({ key, pseudonymOf }, await lockHead(tx), events)
  if (draft !== null) await addLines(tx, draft, dailyCountValues([], noCounts))
}

/** For lines that are not counted. */
const noCounts: CountSettings = { part: 0, appIds: new Set() }

/** Takes the oldest lines out of the inbox. Another node takes others. */
async function takeLines(tx: Transaction, now: number): Promise<AuditEvent[]> {
  const rows = await tx.all<{ id: number; event: string }>(
    `delete from audit_inbox where id in (
       select id from audit_inbox order by id limit $1 for update skip locked) returning id, event`,
    [mostFromInbox],
  )
  return rows.toSorted((a, b) => a.id - b.id).flatMap(({ event }) => readInboxLine(event, now))
}
