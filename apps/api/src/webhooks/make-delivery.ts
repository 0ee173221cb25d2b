import type { ClaimedDelivery, WebhookDeliveryStore } from '@mianmi/core'
import type { Circuits } from './circuit.ts'
import type { DispatchLog } from './dispatch-log.ts'
import { type Judgement, judgeAttempt } from './judge-attempt.ts'
import {
  type AttemptOutcome,
  type AttemptResult,
  attemptTimeout,
  type SendAttempt,
} from './send-attempt.ts'
import type { DeliveryLease, Settlements } from './settlements.ts'

export interface DeliveryPorts {
  readonly deliveries: WebhookDeliveryStore
  /** @throws when the secret was sealed under a key that is not listed */
  readonly openSecret: (webhookId: string, sealed: string) => string
  readonly send: SendAttempt
  /** The clock of the store, ms since the epoch. */
  readonly now: () => number
  readonly log: DispatchLog
  readonly onAttempt: (outcome: AttemptOutcome) => void
}

/** Makes one attempt at a claimed delivery and keeps its result. Never rejects. `signal` ends the attempt. */
export type MakeDelivery = (
  delivery: ClaimedDelivery,
  lease: DeliveryLease,
  signal: AbortSignal,
) => Promise<void>

export function createDeliveryMaker(
  ports: DeliveryPorts,
  { circuits, settlements }: { circuits: Circuits; settlements: Settlements },
): MakeDelivery {
  const { deliveries, now, log, onAttempt } = ports
  return async (delivery, lease, signal) => {
    const { webhookId, url } = delivery
    const result = await sendClaimed(ports, { delivery, lease, signal })
    onAttempt(result.outcome)
    const isHandled =
      result.outcome === 'aborted' ||
      (result.outcome === 'gone' &&
        (await disableGone(deliveries, { webhookId, url, at: now() }, log)))
    if (!isHandled) circuits.note(delivery, result, now())
    const judgement = judgeAttempt(delivery, result, { now: now(), random: Math.random() })
    await settlements.keep(lease, judgement)
    logDead(log, delivery, judgement)
  }
}

async function sendClaimed(
  { openSecret, send, now, log }: DeliveryPorts,
  claimed: { delivery: ClaimedDelivery; lease: DeliveryLease; signal: AbortSignal },
): Promise<AttemptResult> {
  const { delivery, lease, signal } = claimed
  const { webhookId, url, eventId, body, sealedSecrets } = delivery
  const at = now()
  // A process that was stalled must not send what another one may have claimed meanwhile.
  if (at + attemptTimeout > lease.until) return { outcome: 'aborted', error: '', retryAfter: null }
  let secrets: string[]
  try {
    secrets = sealedSecrets.map((sealed) => openSecret(webhookId, sealed))
  } catch (err) {
    log.error({ err, webhookId }, 'the secret of a webhook cannot be opened')
    return { outcome: 'unsigned', error: 'the secret cannot be opened', retryAfter: null }
  }
  return send({ url, id: eventId, at, body, secrets }, signal)
}

/** Returns whether the store has kept it. Otherwise the receiver is called again, and so it is a failure. */
async function disableGone(
  deliveries: Pick<WebhookDeliveryStore, 'disableGone'>,
  gone: { webhookId: string; url: string; at: number },
  log: DispatchLog,
): Promise<boolean> {
  const { webhookId } = gone
  try {
    if (await deliveries.disableGone(gone))
      log.warn(
        { webhookId },
        'the receiver of a webhook is gone (HTTP 410); the webhook is disabled',
      )
    return true
  } catch (err) {
    log.error({ err, webhookId }, 'a webhook cannot be disabled')
    return false
  }
}

function logDead(log: DispatchLog, delivery: ClaimedDelivery, judgement: Judgement): void {
  if (judgement.outcome !== 'dead') return
  const { webhookId, eventId, type, attempts } = delivery
  const { error } = judgement
  log.warn(
    { webhookId, eventId, type, attempts: attempts + 1, error },
    'a webhook delivery is given up',
  )
}
