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

/** Lets every address of https be called, except localhost. */
export const fakeWebhookUrls: WebhookUrls = {
  async check(url) {
    if (!url.startsWith('https://')) return 'invalid'
    return url.startsWith('https://localhost') ? 'forbidden_address' : 'ok'
  },
}
