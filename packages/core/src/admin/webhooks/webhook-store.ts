import type { ListedWebhook, Webhook, WebhookBacklog } from '../../webhooks/webhook.ts'
import type { WebhookDeliveryType, WebhookEventType } from '../../webhooks/webhook-event.ts'
import type { ProvenActor } from '../administrators/role-store.ts'
import type { Page } from '../page.ts'

export interface NewWebhook extends Pick<Webhook, 'id' | 'url' | 'events'> {
  readonly sealedSecret: string
  readonly at: number
}

/** Absent: it stays as it is. */
export interface WebhookChange {
  readonly id: string
  readonly url?: string | undefined
  readonly events?: readonly WebhookEventType[] | undefined
  readonly enabled?: boolean | undefined
  readonly at: number
}

export interface WebhookRotation {
  readonly id: string
  readonly sealedSecret: string
  /** Until when the secret before signs too, beside the new one. */
  readonly previousUntil: number
}

/** A delivery that was given up. */
export interface DeadDelivery {
  readonly id: string
  readonly webhookId: string
  readonly eventId: string
  readonly type: WebhookDeliveryType
  /** Null for a test. */
  readonly userId: string | null
  readonly occurredAt: number
  readonly attempts: number
  readonly error: string
  readonly deadAt: number
}

/** Which dead deliveries are meant: one, or all of a webhook. */
export type DeadRef = { readonly id: string } | { readonly webhookId: string }

/**
 * The webhooks. A change of a user whose transaction begins after `create` or `update` has resolved keeps to it, on every
 * node; of one that is under way meanwhile a webhook that begins to ask for it may not be told. In each verb with `by` the code of the administrator who acts is consumed in the same transaction, and a refused
 * verb consumes none; `by` is null for a command. `proof_rejected` as in `RoleStore`.
 */
export interface WebhookStore {
  /** `too_many` where there are `maxWebhooks`. Of concurrent callers no more than that are `created`. */
  create(
    webhook: NewWebhook,
    by: ProvenActor | null,
  ): Promise<'created' | 'too_many' | 'proof_rejected'>
  /** In the order of creation. */
  list(): Promise<readonly ListedWebhook[]>
  /** What no webhook's `pending` has yet. */
  backlog(): Promise<WebhookBacklog>
  /** Enabling lets what is pending go on; disabling again keeps the first time. */
  update(
    change: WebhookChange,
    by: ProvenActor | null,
  ): Promise<'updated' | 'not_found' | 'proof_rejected'>
  /** A further rotation ends the secret before the last one at once: two sign at most. */
  rotate(
    rotation: WebhookRotation,
    by: ProvenActor | null,
  ): Promise<'rotated' | 'not_found' | 'proof_rejected'>
  /** Removes the webhook with its secrets and deliveries. True for the one caller who removed it. */
  remove(id: string): Promise<boolean>
  /** Writes a delivery of the type `webhook.test`. False where the webhook is unknown or disabled. */
  test(test: { readonly id: string; readonly at: number }): Promise<boolean>
  /** Dead deliveries, newest first. @throws Failure `invalid_input` for a cursor that this service did not issue */
  dead(query: {
    readonly webhookId?: string | undefined
    readonly cursor?: string | undefined
    readonly limit: number
  }): Promise<Page<DeadDelivery>>
  /**
   * Makes dead deliveries pending and due again, from their first attempt on, and returns how many. They come before what
   * is pending of the same person, and after what was delivered meanwhile.
   */
  replay(ref: DeadRef, now: number): Promise<number>
  /** Deletes dead deliveries, and returns how many. */
  discard(ref: DeadRef): Promise<number>
}
