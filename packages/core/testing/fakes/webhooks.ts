import type { WebhookSecrets, WebhookUrls } from '../../src/index.ts'

/** Secrets that count up, and are sealed so that they can be read. */
export function createFakeWebhookSecrets(): WebhookSecrets {
  let serial = 0
  return {
    newSecret: () => `whsec_${++serial}`,
    seal: (webhookId, secret) => `${webhookId}: ${secret}`,
    open: (webhookId, sealed) => sealed.slice(`${webhookId}: `.length),
  }
}

/** Lets every address of https be called, except localhost; the name `later` has no address. */
export const fakeWebhookUrls: WebhookUrls = {
  async check(url) {
    if (!url.startsWith('https://')) return 'invalid'
    if (url.startsWith('https://localhost')) return 'forbidden_address'
    return url.startsWith('https://later') ? 'unresolvable' : 'ok'
  },
}
