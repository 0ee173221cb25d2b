import type { Database } from '../database.ts'

/** The deliveries of one person to one webhook, which are made in order. */
export interface DeliveryStream {
  readonly webhookId: string
  readonly personId: string
}

/** Prepares to let the next delivery of a person wait no longer, inside a transaction. */
export function prepareGoingOn({ sqlite }: Pick<Database, 'sqlite'>) {
  const goOn = sqlite.prepare(
    `update webhook_deliveries set due_at = :now where due_at > :now and seq =
       (select min(seq) from webhook_deliveries where person_id = :personId
         and webhook_id = :webhookId and dead_at is null)`,
  )
  return ({ webhookId, personId }: DeliveryStream, now: number): void =>
    void goOn.run({ webhookId, personId, now })
}
