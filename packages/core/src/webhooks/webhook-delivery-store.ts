import type { WebhookBacklog } from './webhook.ts'
import type { WebhookDeliveryType } from './webhook-event.ts'

/** How long a dead delivery can be replayed, in ms. */
export const deadRetention: number = 30 * 24 * 3_600_000
/** Upper limit of dead deliveries, of all webhooks together; the oldest go. */
export const maxDead = 10_000
/**
 * How long a delivery may be pending, in ms; then it is dead. It is longer than all attempts at one delivery take, because
 * it may wait for others of the same user.
 */
export const maxPendingAge: number = 7 * 24 * 3_600_000
/** How long a delivery may be pending while its webhook is disabled, in ms. Enabling it gives `maxPendingAge` to all of them. */
export const disabledRetention: number = 30 * 24 * 3_600_000
/**
 * A time in ms that no pause before an attempt reaches. What is due later is so because of a clock that has been set back
 * since, and is due at the next sweep.
 */
export const longestPause: number = 2 * 24 * 3_600_000
/** Upper limit of pending deliveries of one webhook; beyond it the oldest are dead. */
export const maxPending = 100_000
/** Most characters that are kept of the error of an attempt. */
export const maxDeliveryError = 200

/** A delivery that the caller has leased: no other caller gets it until the lease ends. */
export interface ClaimedDelivery {
  readonly id: string
  readonly webhookId: string
  /** The same for each webhook and in each attempt: the header `webhook-id`. */
  readonly eventId: string
  readonly type: WebhookDeliveryType
  readonly url: string
  /** The secrets that sign now, newest first, to be opened with `WebhookSecrets`. */
  readonly sealedSecrets: readonly string[]
  /** The bytes to sign and to send, as text. */
  readonly body: string
  /** How many attempts have failed. */
  readonly attempts: number
  /** When the event happened, ms since the epoch. */
  readonly occurredAt: number
}

/**
 * `delivered`: the delivery is gone. `retry`: it is due again at `dueAt`. `dead`: it is given up, and an administrator can
 * replay it; it holds back no other one.
 */
export type DeliveryOutcome =
  | { readonly id: string; readonly outcome: 'delivered' }
  | {
      readonly id: string
      readonly outcome: 'retry'
      readonly dueAt: number
      /** Without secrets and personal data: it is shown to administrators. */
      readonly error: string
    }
  | { readonly id: string; readonly outcome: 'dead'; readonly error: string }

export interface DeliveryCounts extends WebhookBacklog {
  /** Deliveries that are not made yet, counted up to `maxCounted`, and `waiting`. */
  readonly pending: number
  /** Since when that is pending, or in the backlog, which has been for the longest time. */
  readonly oldestAt: number | null
  readonly dead: number
}

export interface DueWebhook {
  readonly webhookId: string
  readonly url: string
  readonly dueAt: number
}

/**
 * What is to be sent to webhooks. The verbs of the other stores write their events in their transactions, once, however many
 * webhooks there are; `fanOut` makes deliveries of them, one for each webhook that asked for the type at that time. The
 * deliveries of one person to one webhook are made in the order in which their events were written: only the oldest can be
 * claimed. The deletion of a user drops all that are pending or dead, leased ones and events that were not fanned out too,
 * and `user.deleted` is due when the leases are over. Times are ms since the epoch.
 */
export interface WebhookDeliveryStore {
  /**
   * Makes deliveries of the events that were written before the call. Of callers that race each event is fanned out by one,
   * with one id for all webhooks; a caller that is killed has fanned out all of a part of them or none. What cannot be read is
   * set aside and holds up nothing; it returns the ids of these transactions.
   */
  fanOut(): Promise<readonly string[]>
  /** Lets the next `fanOut` read again what was set aside: this version may know what another one has written. */
  readAgain(): Promise<void>
  /** The enabled webhooks with something pending, and when the first of it is due. No statement is written. */
  due(): Promise<readonly DueWebhook[]>
  /**
   * Leases deliveries of one webhook that are due, the longest due first. Of callers that race each delivery goes to one.
   * None of a webhook that is disabled or was removed.
   *
   * @param request.lease names the claim; it must be new and random
   */
  claim(request: {
    readonly webhookId: string
    readonly lease: string
    readonly now: number
    readonly leaseUntil: number
    readonly limit: number
  }): Promise<readonly ClaimedDelivery[]>
  /** Keeps what became of leased deliveries. Those that the lease does not hold any more are left as they are. */
  settle(lease: string, outcomes: readonly DeliveryOutcome[], now: number): Promise<void>
  /** Gives a lease back, as if there had been no claim. */
  release(lease: string, ids: readonly string[]): Promise<void>
  /**
   * Disables a webhook whose receiver is gone. Not where the webhook has another address by now: the answer came from the former one.
   *
   * @returns whether it was disabled
   */
  disableGone(gone: {
    readonly webhookId: string
    /** The address that answered. */
    readonly url: string
    readonly at: number
  }): Promise<boolean>
  counts(): Promise<DeliveryCounts>
  /**
   * To be called every minute or so: gives up what has been pending for too long (`maxPendingAge`, `disabledRetention`) or is
   * too much (`maxPending`), makes due what is due too late (`longestPause`), deletes dead deliveries (`deadRetention`,
   * `maxDead`), those of removed webhooks, and secrets that sign no more. Several nodes skip one another's rows.
   */
  sweep(now: number): Promise<void>
}
