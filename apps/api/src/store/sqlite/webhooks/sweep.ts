import { deadRetention, longestPause, maxDead, maxPending } from '@mianmi/core'
import { type AgingWebhook, agingColumns, givenUpUntil } from '../../webhooks/aging.ts'
import type { Database } from '../database.ts'
import { prepareGoingOn } from './going-on.ts'

/** Upper limit of deliveries that are given up or deleted with one call, of each kind. A call blocks the event loop. */
const sweepSize = 1_000
/** Most calls of one sweep, each with a commit of its own. */
export const mostSweepParts = 50

/**
 * Prepares the deletion of what is kept for long enough, to be called inside a transaction. Returns whether there may be more:
 * a part blocks the event loop.
 */
export function prepareDeliverySweep({
  sqlite,
}: Pick<Database, 'sqlite'>): (now: number) => boolean {
  const giveUp = prepareGivingUp({ sqlite })
  const repair = prepareRepair({ sqlite })
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
  const deadOrphans = sqlite.prepare(
    `delete from webhook_deliveries where seq in (select seq from webhook_deliveries d
       where dead_at is not null and not exists (select 1 from webhooks w where w.id = d.webhook_id)
       limit ${sweepSize})`,
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
    secrets.run(now)
    const swept = webhooks.all().map((webhook) => {
      repair(webhook, now)
      return giveUp(webhook, now)
    })
    for (const statement of [orphans, deadOrphans, tooManyDead]) swept.push(statement.run().changes)
    swept.push(forgotten.run(now - deadRetention).changes)
    return swept.some((count) => count === sweepSize)
  }
}

/** How many of the oldest pending deliveries of a webhook are repaired with one sweep. */
const repaired = 1_000

/**
 * Prepares to make due what can be sent and is due later than any pause is long, or leased for longer than any lease: by a clock
 * that has been set back since.
 */
function prepareRepair({ sqlite }: Pick<Database, 'sqlite'>) {
  const repair = sqlite.prepare(
    `update webhook_deliveries set due_at = min(due_at, :now), lease = null, lease_until = null
     where seq in (select d.seq from (select seq, person_id, webhook_id, due_at, lease_until
         from webhook_deliveries where webhook_id = :webhookId and dead_at is null order by pending_since limit ${repaired}) d
       where (d.due_at > :latest or d.lease_until > :latest)
         and d.seq = (select seq from webhook_deliveries e where e.person_id = d.person_id
           and e.webhook_id = d.webhook_id and e.dead_at is null order by e.seq limit 1))`,
  )
  return ({ id: webhookId }: AgingWebhook, now: number): void =>
    void repair.run({ webhookId, now, latest: now + longestPause })
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
  return (webhook: AgingWebhook, now: number): number => {
    const { id: webhookId } = webhook
    const until = Math.max(givenUpUntil(webhook, now), lastTooMany.get(webhookId) ?? 0)
    const persons = giveUp.all({ webhookId, until, now }).map(({ personId }) => personId)
    for (const personId of new Set(persons)) goOn({ webhookId, personId }, now)
    return persons.length
  }
}
