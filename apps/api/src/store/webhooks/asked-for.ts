import { keptEventTypes, type WebhookDeliveryType } from '@mianmi/core'

/** The types that webhooks ask for, as `writeEventNames` writes them; null for none. */
export interface AskedForNames {
  /** By webhooks that are enabled. */
  readonly enabled: string | null
  /** By webhooks that are disabled. */
  readonly disabled: string | null
}

/** Whether an event of this type is written. */
export const isAskedFor = (
  { enabled, disabled }: AskedForNames,
  type: WebhookDeliveryType,
): boolean =>
  holdsName(enabled, type) || (keptEventTypes.includes(type) && holdsName(disabled, type))

const holdsName = (names: string | null, type: string): boolean =>
  names !== null && ` ${names} `.includes(` ${type} `)

/** The columns of `AskedForNames` over the webhooks, in both dialects. */
export const askedForColumns = `string_agg(case when disabled_at is null then events end, ' ') as enabled,
  string_agg(case when disabled_at is not null then events end, ' ') as disabled`
