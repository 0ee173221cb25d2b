import type { WebhookEventType } from './webhook-event.ts'

/** Upper limit of webhooks: each event is sent once to each of them that asks for it. */
export const maxWebhooks = 20

/** Most characters of the address of a webhook. */
export const maxWebhookUrlLength = 2_048

/** `gone`: its receiver answered 410. */
export type WebhookDisabledReason = 'administrator' | 'gone'

/** An address of another service that is called when something happens to a user. Times are ms since the epoch. */
export interface Webhook {
  readonly id: string
  readonly url: string
  readonly events: readonly WebhookEventType[]
  readonly createdAt: number
  /** The administrator who created it; null for a command, and where the administrator was deleted. */
  readonly createdBy: string | null
  /** While it is disabled it gets no new event but `keptEventTypes`, and what is pending waits. */
  readonly disabledAt: number | null
  readonly disabledReason: WebhookDisabledReason | null
  /** Until when the secret before the last rotation signs too; null where there is none. */
  readonly previousSecretUntil: number | null
}

/** A webhook and the state of its deliveries. */
export interface ListedWebhook extends Webhook {
  /** Deliveries that are not made yet, counted up to `maxCounted`. */
  readonly pending: number
  /** Since when the one is pending that has been for the longest time. */
  readonly oldestPendingAt: number | null
  /** Why the last attempt at the first one failed; null where it has not been tried. */
  readonly lastError: string | null
  readonly dead: number
}

/** The events that are no deliveries yet, by the transactions that wrote them, each counted up to `maxCounted`. */
export interface WebhookBacklog {
  /** They become deliveries within a second, unless there are many. */
  readonly waiting: number
  /** They were set aside, because they cannot be read: another version has written them, or they were changed by hand. */
  readonly unreadable: number
}

/** All webhooks, in the order of creation, and what none of them shows as pending. */
export interface WebhookOverview extends WebhookBacklog {
  readonly webhooks: readonly ListedWebhook[]
}

/** Up to so many deliveries are counted. */
export const maxCounted = 100_000
