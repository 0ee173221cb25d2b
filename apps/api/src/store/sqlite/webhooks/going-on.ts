import { notDue } from '../../webhooks/not-due.ts'
import type { Database } from '../database.ts'

/** The deliveries of one person to one webhook, which are made in order. */
export interface DeliveryStream {
  readonly webhookId: string
  readonly personId: string
}

/** Each stream once. */
export const distinctStreams = (rows: readonly DeliveryStream[]): DeliveryStream[] => [
  ...new Map(rows.map((row) => [`${row.webhookId} ${row.personId}`, row])).values(),
]

/** Prepares to let the next delivery of a person wait no longer, inside a transaction. */
export function prepareGoingOn({ sqlite }: Pick<Database, 'sqlite'>) {
  const goOn = sqlite.prepare(
    `update webhook_deliveries set due_at = :now where due_at > :now and seq =
       (select seq from webhook_deliveries where person_id = :personId
         and webhook_id = :webhookId and dead_at is null order by seq limit 1)`,
  )
  return ({ webhookId, personId }: DeliveryStream, now: number): void =>
    void goOn.run({ webhookId, personId, now })
}

/** Prepares to let the first delivery of a person be due at a time at the earliest, inside a transaction. */
export function preparePostponing({ sqlite }: Pick<Database, 'sqlite'>) {
  const postpone = sqlite.prepare(
    `update webhook_deliveries set due_at = iif(due_at = ${notDue}, :at, max(due_at, :at)) where seq =
       (select seq from webhook_deliveries where person_id = :personId
         and webhook_id = :webhookId and dead_at is null order by seq limit 1)`,
  )
  return ({ webhookId, personId }: DeliveryStream, at: number): void =>
    void postpone.run({ webhookId, personId, at })
}
