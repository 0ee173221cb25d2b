import { randomBytes } from 'node:crypto'
import type { WebhookSecrets } from '@mianmi/core'
import type { RootKey } from './root-key.ts'

const prefix = 'whsec_'
/** Standard Webhooks wants 24 to 64 bytes. */
const secretBytes = 32

/**
 * Makes the secrets of webhooks in the form of Standard Webhooks, and seals them at rest: they must be read to sign, so they
 * cannot be hashed.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 */
export function createWebhookSecrets(root: RootKey): WebhookSecrets {
  return {
    newSecret: () => `${prefix}${randomBytes(secretBytes).toString('base64')}`,
    seal: (webhookId, secret) => root.seal('webhook secret', secret, webhookId),
    open: (webhookId, sealed) => root.open('webhook secret', sealed, webhookId),
  }
}
