import { planPart, type RoutedWebhook, routedColumns } from '../../webhooks/fan-out-part.ts'
import { type OutboxRow, type ReadRow, readOutboxRow } from '../../webhooks/outbox-row.ts'
import type { Database } from '../database.ts'
import { prepareDeliveryInsert } from './insert-delivery.ts'

/** Most deliveries of a part, which blocks the event loop. */
export const mostDeliveries = 500
/** Most rows of a part: where no webhook asks for anything, nothing else ends it. */
const mostRows = 500

/** Makes deliveries of the events that were written. */
export interface FanOut {
  /**
   * Fans out everything that was written before the call, in parts that are committed one after the other. Returns the ids of
   * the rows that were set aside.
   */
  inParts(): Promise<string[]>
  /**
   * Fans out everything, also what this transaction has taken until now. To be called inside a transaction before a change of
   * the webhooks that ask for events, after `inParts`, so that it is little.
   */
  rest(): void
}

export function prepareFanOut(
  database: Pick<Database, 'sqlite' | 'outbox' | 'write' | 'writeLater'>,
): FanOut {
  const { sqlite, outbox, write, writeLater } = database
  const newest = sqlite
    .prepare<[], number>('select id from webhook_outbox where at > 0 order by id desc limit 1')
    .pluck()
  const part = preparePart({ sqlite })
  return {
    async inParts() {
      const upTo = newest.get()
      const setAside: number[] = []
      // No caller waits for the first, and a commit of its own costs as much as a sign-in. Where there are more, they are full.
      for (let commit = upTo === undefined ? null : writeLater; commit !== null; ) {
        const written: WrittenPart = await commit(() => part(upTo ?? 0))
        setAside.push(...written.setAside)
        commit = written.isMore ? write : null
      }
      return setAside.map(String)
    },
    rest() {
      outbox.write()
      while (part(Number.MAX_SAFE_INTEGER).isMore);
    },
  }
}

interface WrittenPart {
  /** Whether there may be more up to the id. */
  readonly isMore: boolean
  readonly setAside: readonly number[]
}

/** Prepares to fan out the oldest rows up to an id, inside a transaction. */
function preparePart({ sqlite }: Pick<Database, 'sqlite'>): (upTo: number) => WrittenPart {
  const next = sqlite.prepare<[{ after: number; upTo: number }], OutboxRow>(
    `select id, at, events, users from webhook_outbox
     where id > :after and id <= :upTo and at > 0 order by id limit 1`,
  )
  const webhooks = sqlite.prepare<[], RoutedWebhook>(
    `select ${routedColumns} from webhooks order by id`,
  )
  const remove = sqlite.prepare('delete from webhook_outbox where id = ?')
  const leave = sqlite.prepare('update webhook_outbox set events = :events where id = :id')
  const setAside = sqlite.prepare(
    'update webhook_outbox set at = -at, events = :events where id = :id',
  )
  const insert = prepareDeliveryInsert({ sqlite })
  return (upTo) => {
    const cursor = { after: Number.MIN_SAFE_INTEGER, upTo }
    const read = function* (): Generator<ReadRow> {
      for (let count = 0; count < mostRows; count++) {
        const row = next.get(cursor)
        if (row === undefined) return
        cursor.after = row.id
        yield readOutboxRow(row)
      }
    }
    const part = planPart(read(), webhooks.all(), mostDeliveries)
    for (const { webhookIds, ...event } of part.events)
      for (const webhookId of webhookIds) insert({ ...event, webhookId })
    for (const id of part.done) remove.run(id)
    for (const row of part.setAside) setAside.run({ ...row })
    if (part.rest !== null) leave.run({ ...part.rest })
    const ids = part.setAside.map(({ id }) => id)
    const isMore = next.get({ after: Number.MIN_SAFE_INTEGER, upTo }) !== undefined
    return { isMore, setAside: ids }
  }
}
