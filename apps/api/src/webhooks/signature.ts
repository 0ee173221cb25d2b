import { createHmac } from 'node:crypto'

/** Before the base64 of a secret, so that scanners for leaked secrets recognise one. */
export const secretPrefix = 'whsec_'

export interface SignedMessage {
  /** The same in each repeat of the message: receivers recognise repeats by it. */
  readonly id: string
  /** When this attempt is made, in ms since the epoch. Receivers refuse old ones. */
  readonly at: number
  /** The exact text that is sent. */
  readonly body: string
  /** `whsec_` and base64. One signature is made with each, so that a receiver accepts either while one is rotated. */
  readonly secrets: readonly string[]
}

/**
 * The headers of the Standard Webhooks specification, version 1: HMAC-SHA-256 over `id.timestamp.body`.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signatureHeaders({ id, at, body, secrets }: SignedMessage): {
  'webhook-id': string
  'webhook-timestamp': string
  'webhook-signature': string
} {
  const timestamp = String(Math.floor(at / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(secretPrefix.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
