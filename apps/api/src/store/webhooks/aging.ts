import { disabledRetention, maxPendingAge } from '@mianmi/core'

/** What decides how long the deliveries of a webhook may be pending. */
export interface AgingWebhook {
  readonly id: string
  readonly disabledAt: number | null
  /** When it was enabled again; null where it never was. */
  readonly enabledAt: number | null
}

export const agingColumns = 'id, disabled_at as "disabledAt", enabled_at as "enabledAt"'

/** Since when the newest delivery is pending that is given up because of its age. */
export function givenUpUntil({ disabledAt, enabledAt }: AgingWebhook, now: number): number {
  if (disabledAt !== null) return now - disabledRetention
  // What waited for the webhook to be enabled has not been tried in that time.
  return (enabledAt ?? 0) > now - maxPendingAge ? 0 : now - maxPendingAge
}
