import type { WebhookUrls } from '@mianmi/core'
import { createAddressGuard } from './address-guard.ts'
import { resolveTarget } from './resolve-target.ts'
import { createResolver } from './resolver.ts'
import { parseWebhookUrl } from './webhook-url.ts'

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
