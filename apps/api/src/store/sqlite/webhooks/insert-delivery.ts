import type { WebhookDeliveryType } from '@mianmi/core'
import { notDue } from '../../webhooks/not-due.ts'
import type { Database } from '../database.ts'

export interface NewDelivery {
  readonly webhookId: string
  readonly eventId: string
  readonly type: WebhookDeliveryType
  readonly personId: string
  readonly userId: string | null
  readonly body: string
  readonly at: number
  /** When it is due at the earliest. */
  readonly notBefore: number
}

/** Prepares the insertion of a delivery, to be called inside a transaction. */
export function prepareDeliveryInsert({ sqlite }: Pick<Database, 'sqlite'>) {
  const insert = sqlite.prepare(
    `insert into webhook_deliveries
       (event_id, webhook_id, type, person_id, user_id, occurred_at, body, due_at, pending_since)
     values (:eventId, :webhookId, :type, :personId, :userId, :at, :body,
       iif((select 1 from webhook_deliveries where person_id = :personId
         and webhook_id = :webhookId and dead_at is null order by seq desc limit 1) is null,
         max(:at, :notBefore), ${notDue}), :at)`,
  )
  return (delivery: NewDelivery): void => void insert.run({ ...delivery })
}
