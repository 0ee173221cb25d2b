import { createAddressGuard } from './address-guard.ts'
import { createResolver, resolveTarget } from './resolve-target.ts'
import { parseWebhookUrl } from './webhook-url.ts'

/** What the address of a webhook is checked for before it is stored. */
export interface WebhookUrls {
  /**
   * - `invalid`: no http or https address, or one with a user, a fragment, or a port that is refused.
   * - `forbidden_address`: the host has an address that is private or reserved, and WEBHOOK_ALLOW does not list it.
   * - `unresolvable`: the name has no address now. Each attempt resolves it again, so this may change.
   */
  check(url: string): Promise<'ok' | 'invalid' | 'forbidden_address' | 'unresolvable'>
}

/** @param allowed addresses and CIDR ranges that are not public and may be called: WEBHOOK_ALLOW */
export function createWebhookUrls(allowed: readonly string[]): WebhookUrls {
  const mayCall = createAddressGuard(allowed)
  const resolve = createResolver()
  return {
    async check(text) {
      const url = parseWebhookUrl(text)
      if (url === null) return 'invalid'
      const target = await resolveTarget(url, { mayCall, resolve })
      return typeof target === 'string' ? target : 'ok'
    },
  }
}
