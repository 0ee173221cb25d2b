/**
 * What a webhook can be called for, a closed set. Nothing else is an event: not a session that expires, a sign-in of a known
 * identity, an import, a changed phone number or password, nor anything about an administrator.
 *
 * - `user.created`: a first sign-in or a registration. Where a binding removes the empty user of a first sign-in, that one
 *   is `user.deleted`.
 * - `user.updated`: account name, nickname, picture or external id has another value.
 * - `user.disabled`, `user.enabled`: by an administrator or a service.
 * - `user.deleted`: by the user or an administrator, of each user who was merged into that one too. It stands for the end of the user's identities and sessions too.
 * - `user.merged`, `user.unmerged`: one user went into another one, or an administrator undid that. They stand for all
 *   that moved between the two.
 * - `identity.bound`, `identity.unbound`: of a WeChat identity.
 * - `session.ended`: before its time, for whatever reason.
 */
export const webhookEventTypes = [
  'user.created',
  'user.updated',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'user.merged',
  'user.unmerged',
  'identity.bound',
  'identity.unbound',
  'session.ended',
] as const

export type WebhookEventType = (typeof webhookEventTypes)[number]

/** An administrator's test of one webhook. It can be sent, and not asked for. */
export const webhookTestType = 'webhook.test'

export type WebhookDeliveryType = WebhookEventType | typeof webhookTestType

export const isWebhookEventType = (name: string): name is WebhookEventType =>
  (webhookEventTypes as readonly string[]).includes(name)

/**
 * What is kept for a webhook that asks for it also while the webhook is disabled: otherwise its receiver would keep the data of
 * a deleted user for ever, and take a merged one for two.
 */
export const keptEventTypes: readonly WebhookDeliveryType[] = [
  'user.deleted',
  'user.merged',
  'user.unmerged',
]

/** The columns of a user that `user.updated` names; a change of any other one is no event. */
export const updatedFields = ['account', 'nickname', 'avatarUrl', 'externalId'] as const

export type UpdatedField = (typeof updatedFields)[number]

/**
 * An event as a verb of a store writes it, in its own transaction. `externalId` is given where the user does not have it any
 * more when the event is written; otherwise the store reads it.
 */
export type WebhookEvent = { readonly userId: string; readonly externalId?: string | null } & (
  | { readonly type: 'user.created'; readonly appId: string }
  | { readonly type: 'user.updated'; readonly changed: readonly UpdatedField[] }
  | { readonly type: 'user.disabled' | 'user.enabled' | 'user.deleted' }
  | {
      readonly type: 'user.merged' | 'user.unmerged'
      readonly mergedUserId: string
      readonly mergedExternalId: string | null
    }
  | {
      readonly type: 'identity.bound' | 'identity.unbound'
      readonly appId: string
      readonly openid: string
      readonly unionid: string | null
    }
  | { readonly type: 'session.ended'; readonly appId: string; readonly sessionId: string }
)

/**
 * The users of an event: deliveries of one `person` are made in order, and are dropped when the `user` is deleted, or
 * the person with the `user`. The two differ for a merge, which is of both users, and for what happened to either before it.
 */
export const usersOfEvent = (
  event: WebhookEvent,
): { readonly personId: string; readonly userId: string } => ({
  personId: event.userId,
  userId: 'mergedUserId' in event ? event.mergedUserId : event.userId,
})

/**
 * The body of a call, in the form that Standard Webhooks recommends. It shows no more than `/v1` shows to a key with
 * `users:read` and `identities:read`: ids, and openid and unionid where the event is of an identity.
 *
 * @param at ms since the epoch
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure
 * @example webhookBody({ type: 'user.disabled', userId: 'u1', externalId: '42' }, at)
 */
export function webhookBody(
  event: WebhookEvent & { readonly externalId: string | null },
  at: number,
): string {
  const { type, userId, externalId, ...rest } = event
  return bodyOf(type, at, { userId, externalId, ...rest })
}

/** The body of an administrator's test. */
export const webhookTestBody = (at: number): string => bodyOf(webhookTestType, at, {})

const bodyOf = (type: WebhookDeliveryType, at: number, data: object): string =>
  JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })

/** The fields that differ between two states of a user. */
export const changedFields = (
  before: Readonly<Partial<Record<UpdatedField, string | null>>>,
  after: Readonly<Partial<Record<UpdatedField, string | null>>>,
): UpdatedField[] =>
  updatedFields.filter((field) => after[field] !== undefined && after[field] !== before[field])
