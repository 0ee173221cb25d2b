import { createPrivateKey } from 'node:crypto'
import { exportJWK, generateKeyPair, importJWK } from 'jose'
import { expect, it } from 'vitest'
import { createAccessTokens } from './access-tokens.ts'

const now = 1_800_000_000_000
const ttl = 900_000
const ming = { sessionId: 's1', userId: 'ming', appId: 'wx1' }

async function setUp() {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(pair.privateKey)
  const privateKey = createPrivateKey({ key: { ...jwk }, format: 'jwk' })
  const publicJwk = await exportJWK(pair.publicKey)
  const publicKey = await importJWK(publicJwk, 'ES256')
  if (publicKey instanceof Uint8Array) throw new Error('no EC key')
  const key = { kid: 'k1', privateKey, publicKey, publicJwk }
  return createAccessTokens({ key, issuer: 'https://mianmi.example', ttl })
}

it('are verified, once and again, until they expire', async () => {
  const tokens = await setUp()
  const { token, expiresAt } = await tokens.signAccess(ming, now)
  expect(expiresAt).toBe(now + ttl)
  expect(await tokens.verifyAccess(token, now)).toMatchObject(ming)
  expect(await tokens.verifyAccess(token, expiresAt - 1)).toMatchObject(ming)
  expect(await tokens.verifyAccess(token, expiresAt)).toBeNull()
})

it('with the signature of a verified token and other claims are refused, and the verified one still holds', async () => {
  const tokens = await setUp()
  const { token } = await tokens.signAccess(ming, now)
  const { token: other } = await tokens.signAccess({ ...ming, userId: 'hong' }, now)
  expect(await tokens.verifyAccess(token, now)).toMatchObject(ming)
  const [header = '', , signature = ''] = token.split('.')
  const [, claims = ''] = other.split('.')
  const forgeries = [
    `${header}.${claims}.${signature}`,
    `${claims}.${claims}.${signature}`,
    `.${signature}`,
    signature,
    signature.slice(-43),
  ]
  for (const forged of forgeries) {
    expect(await tokens.verifyAccess(forged, now)).toBeNull()
    expect(await tokens.verifyAccess(token, now)).toMatchObject(ming)
  }
})
