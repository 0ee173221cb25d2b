import { Failure } from '../../failure.ts'
import type { Ports } from '../../ports.ts'
import { maxWebhookUrlLength } from '../../webhooks/webhook.ts'
import { isWebhookEventType, type WebhookEventType } from '../../webhooks/webhook-event.ts'
import type { WebhookSecrets } from '../../webhooks/webhook-secrets.ts'
import type { WebhookUrls } from '../../webhooks/webhook-urls.ts'
import { defaultOverlap, maxOverlap } from '../service-keys/draft-service-key.ts'
import type { NewWebhook, WebhookRotation } from './webhook-store.ts'

export interface WebhookDraftPorts extends Pick<Ports, 'now'> {
  readonly webhookSecrets: WebhookSecrets
  readonly webhookUrls: WebhookUrls
  readonly tokens: Pick<Ports['tokens'], 'newId'>
}

/**
 * A new webhook to be stored, and its secret to be shown. Used by the console and by the command.
 *
 * @throws Failure `invalid_input` for an address that may not be called, and without an event
 */
export async function draftWebhook(
  ports: WebhookDraftPorts,
  { url, events }: { url: string; events: readonly WebhookEventType[] },
): Promise<{ secret: string; stored: NewWebhook }> {
  const wanted = requireEvents(events)
  await requireCallable(ports, url)
  const id = `webhook-${ports.tokens.newId()}`
  const secret = ports.webhookSecrets.newSecret()
  const sealedSecret = ports.webhookSecrets.seal(id, secret)
  return { secret, stored: { id, url, events: wanted, sealedSecret, at: ports.now() } }
}

/**
 * The next secret of a webhook.
 *
 * @param overlap how long the secret before signs too, in ms
 * @throws Failure `invalid_input` for an overlap below 0 or above `maxOverlap`
 */
export function draftWebhookRotation(
  { webhookSecrets, now }: Pick<WebhookDraftPorts, 'webhookSecrets' | 'now'>,
  { id, overlap = defaultOverlap }: { id: string; overlap?: number | undefined },
): { secret: string; stored: WebhookRotation } {
  if (!(overlap >= 0 && overlap <= maxOverlap))
    throw new Failure('invalid_input', { detail: 'overlap' })
  const secret = webhookSecrets.newSecret()
  const sealedSecret = webhookSecrets.seal(id, secret)
  return { secret, stored: { id, sealedSecret, previousUntil: now() + overlap } }
}

/** @throws Failure `invalid_input` where there is none, or an unknown one */
export function requireEvents(events: readonly WebhookEventType[]): WebhookEventType[] {
  if (events.length === 0 || !events.every(isWebhookEventType))
    throw new Failure('invalid_input', { detail: 'events' })
  return [...new Set(events)]
}

/** @throws Failure `invalid_input` for an address that may not be called */
export async function requireCallable(
  { webhookUrls }: Pick<WebhookDraftPorts, 'webhookUrls'>,
  url: string,
): Promise<void> {
  const finding = url.length > maxWebhookUrlLength ? 'invalid' : await webhookUrls.check(url)
  // Its name may have an address later, and each call asks again.
  if (finding === 'ok' || finding === 'unresolvable') return
  throw new Failure('invalid_input', { detail: `url: ${finding}` })
}
