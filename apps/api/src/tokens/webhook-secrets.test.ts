import { expect, it } from 'vitest'
import { expectUnreadable } from '../../test/readable.ts'
import { createRootKey } from './root-key.ts'
import { createWebhookSecrets } from './webhook-secrets.ts'

const secrets = createWebhookSecrets(createRootKey(new Uint8Array(32).fill(1)))

it('a secret has the form of Standard Webhooks, with 32 random bytes', () => {
  const secret = secrets.newSecret()
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32)
  expect(secrets.newSecret()).not.toBe(secret)
})

it('a sealed secret opens for its webhook only, under its root key only, and shows nothing', () => {
  const secret = secrets.newSecret()
  const sealed = secrets.seal('webhook-1', secret)
  expect(secrets.open('webhook-1', sealed)).toBe(secret)
  expect(() => secrets.open('webhook-2', sealed)).toThrow()
  const others = createWebhookSecrets(createRootKey(new Uint8Array(32).fill(2)))
  expect(() => others.open('webhook-1', sealed)).toThrow()
  expectUnreadable(Buffer.from(sealed), secret)
})
