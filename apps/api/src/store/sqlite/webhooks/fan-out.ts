import { isAskedFor } from '../../webhooks/asked-for.ts'
import { type FannedOutEvent, type OutboxRow, readOutboxRow } from '../../webhooks/outbox-row.ts'
import type { Database } from '../database.ts'
import { prepareDeliveryInsert } from './insert-delivery.ts'

/** After so many deliveries a part ends, because it blocks the event loop. */
const partSize = 500

/** Makes deliveries of the events that were written. Each verb is to be called inside a transaction. */
export interface FanOut {
  /** Fans out the oldest rows. Returns whether there may be more. */
  part(): boolean
  /**
   * Fans out everything, also what this transaction has taken until now. To be called before a change of what the events mean:
   * of the webhooks that ask for them, and of the orders and the users of deliveries.
   */
  all(): void
  /** Writes the deliveries of an event. */
  insert(event: FannedOutEvent): void
}

export function prepareFanOut({ sqlite, outbox }: Pick<Database, 'sqlite' | 'outbox'>): FanOut {
  const oldest = sqlite.prepare<[], OutboxRow & { readonly id: number }>(
    'select id, at, events, users from webhook_outbox order by id limit 1',
  )
  const remove = sqlite.prepare('delete from webhook_outbox where id = ?')
  const insert = prepareInsert({ sqlite })
  const part = (): boolean => {
    for (let written = 0; written < partSize; ) {
      const row = oldest.get()
      if (row === undefined) return false
      for (const event of readOutboxRow(row)) written += insert(event)
      remove.run(row.id)
    }
    return true
  }
  return {
    part,
    all() {
      outbox.write()
      while (part());
    },
    insert,
  }
}

/** Prepares the insertion of the deliveries of an event. It returns how many there are. */
function prepareInsert({ sqlite }: Pick<Database, 'sqlite'>) {
  const webhooks = sqlite.prepare<
    [],
    { readonly id: string; readonly events: string; readonly disabledAt: number | null }
  >('select id, events, disabled_at as disabledAt from webhooks order by id')
  const insertDelivery = prepareDeliveryInsert({ sqlite })
  return (event: FannedOutEvent): number => {
    const wanting = webhooks.all().filter(({ events, disabledAt }) => {
      const [enabled, disabled] = disabledAt === null ? [events, null] : [null, events]
      return isAskedFor({ enabled, disabled }, event.type)
    })
    for (const { id: webhookId } of wanting) insertDelivery({ ...event, webhookId })
    return wanting.length
  }
}
