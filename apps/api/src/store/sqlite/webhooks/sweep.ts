import { deadRetention, maxDead, maxPending } from '@mianmi/core'
import { type AgingWebhook, agingColumns, givenUpUntil } from '../../webhooks/aging.ts'
import type { Database } from '../database.ts'
import { prepareGoingOn } from './going-on.ts'

/** Upper limit of deliveries that are given up or deleted with one call, of each kind. */
const sweepSize = 1_000

/** Prepares the deletion of what is kept for long enough, to be called inside a transaction. */
export function prepareDeliverySweep({ sqlite }: Pick<Database, 'sqlite'>): (now: number) => void {
  const giveUp = prepareGivingUp({ sqlite })
  const webhooks = sqlite.prepare<[], AgingWebhook>(`select ${agingColumns} from webhooks`)
  // Of a process that was killed while it removed a webhook. The index has few webhooks, so it is read by steps.
  const orphans = sqlite.prepare(
    `with recursive known(id) as (
       select min(webhook_id) from webhook_deliveries where dead_at is null
       union all
       select (select min(webhook_id) from webhook_deliveries
         where dead_at is null and webhook_id > known.id) from known where known.id is not null)
     delete from webhook_deliveries where seq in (select seq from webhook_deliveries
       where dead_at is null and webhook_id in (select known.id from known where known.id is not null
         and not exists (select 1 from webhooks w where w.id = known.id)) limit ${sweepSize})`,
  )
  const forgotten = sqlite.prepare(
    `delete from webhook_deliveries where seq in (
       select seq from webhook_deliveries where dead_at <= ? limit ${sweepSize})`,
  )
  const tooManyDead = sqlite.prepare(
    `delete from webhook_deliveries where seq in (select seq from webhook_deliveries
       where dead_at is not null order by dead_at desc, seq desc limit ${sweepSize} offset ${maxDead})`,
  )
  const secrets = sqlite.prepare(
    `update webhooks set previous_secret = null, previous_secret_until = null
     where previous_secret_until <= ?`,
  )
  return (now) => {
    for (const webhook of webhooks.all()) giveUp(webhook, now)
    orphans.run()
    forgotten.run(now - deadRetention)
    tooManyDead.run()
    secrets.run(now)
  }
}

function prepareGivingUp({ sqlite }: Pick<Database, 'sqlite'>) {
  // The newest of those that are too many; the older ones go with it.
  const lastTooMany = sqlite
    .prepare<[string], number>(
      `select pending_since from webhook_deliveries where webhook_id = ? and dead_at is null
       order by pending_since desc limit 1 offset ${maxPending}`,
    )
    .pluck()
  const giveUp = sqlite.prepare<
    [{ webhookId: string; until: number; now: number }],
    { personId: string }
  >(
    `update webhook_deliveries set dead_at = :now, lease = null, lease_until = null,
       error = coalesce(error, 'given up before an attempt')
     where seq in (select seq from webhook_deliveries where webhook_id = :webhookId
       and dead_at is null and pending_since <= :until and (lease_until is null or lease_until <= :now)
       order by pending_since limit ${sweepSize})
     returning person_id as personId`,
  )
  const goOn = prepareGoingOn({ sqlite })
  return (webhook: AgingWebhook, now: number): void => {
    const { id: webhookId } = webhook
    const until = Math.max(givenUpUntil(webhook, now), lastTooMany.get(webhookId) ?? 0)
    const persons = giveUp.all({ webhookId, until, now }).map(({ personId }) => personId)
    for (const personId of new Set(persons)) goOn({ webhookId, personId }, now)
  }
}
