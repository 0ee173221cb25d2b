/** Makes the secrets that sign the calls of a webhook, and seals them at rest. */
export interface WebhookSecrets {
  /** A new secret: `whsec_` and the base64 of 32 random bytes. Standard Webhooks wants 24 to 64. */
  newSecret(): string
  /** The sealed secret, bound to its webhook. */
  seal(webhookId: string, secret: string): string
  /** @throws when it was sealed for another webhook or under a key that is not listed */
  open(webhookId: string, sealed: string): string
}
