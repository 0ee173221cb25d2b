import { plannedEachTime, type Transaction } from '../connection/index.ts'
import { isPending } from './is-pending.ts'

/** The deliveries of one person to one webhook, which are made in order. */
export interface DeliveryStream {
  readonly webhookId: string
  readonly personId: string
}

const goOn = plannedEachTime(`with d as materialized (
    select x.seq from webhook_deliveries x
    join unnest($1::text[], $2::text[]) as p(person_id, webhook_id)
      on p.person_id = x.person_id and p.webhook_id = x.webhook_id
    where ${isPending('x')} and x.due_at > $3 and not exists (
      select 1 from webhook_deliveries e where e.person_id = x.person_id
        and e.webhook_id = x.webhook_id and e.seq < x.seq and ${isPending('e')})
    for update of x skip locked)
  update webhook_deliveries x set due_at = $3 from d where x.seq = d.seq`)

/**
 * Lets the next delivery of each person wait no longer. Another transaction that has locked it decides about it itself, so
 * it is not waited for.
 */
export async function letGoOn(
  tx: Transaction,
  streams: readonly DeliveryStream[],
  now: number,
): Promise<void> {
  if (streams.length === 0) return
  const persons = streams.map(({ personId }) => personId)
  await tx.run(goOn, [persons, streams.map(({ webhookId }) => webhookId), now])
}
