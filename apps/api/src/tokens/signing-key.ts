import { createPrivateKey, type KeyObject } from 'node:crypto'
import { eq } from 'drizzle-orm'
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose'
import type { Database } from '../store/index.ts'
import { signingKeys } from '../store/schema.ts'
import type { RootKey } from './root-key.ts'

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: CryptoKey
  /** For `/.well-known/jwks.json`. */
  readonly publicJwk: JWK
}

/**
 * Loads the key that signs access tokens. It is created at the first start and stored encrypted under a key derived
 * from SECRET_KEY. Concurrent first starts all get the same key.
 */
export async function loadSigningKey(database: Database, root: RootKey): Promise<SigningKey> {
  const stored = findKey(database, root) ?? storeKey(database, root, await generateKey())
  return toSigningKey(stored.kid, JSON.parse(root.open('signing key', stored.sealedPrivateJwk)))
}

const findKey = ({ orm }: Database, { id }: RootKey) =>
  orm.select().from(signingKeys).where(eq(signingKeys.rootId, id)).get()

async function generateKey(): Promise<{ kid: string; jwk: JWK }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { kid: await calculateJwkThumbprint(jwk), jwk }
}

/** Stores a new key, unless another process has stored one in the meantime; returns the stored one. */
function storeKey(database: Database, root: RootKey, { kid, jwk }: { kid: string; jwk: JWK }) {
  const sealedPrivateJwk = root.seal('signing key', JSON.stringify(jwk))
  const key = { kid, rootId: root.id, sealedPrivateJwk, createdAt: Date.now() }
  return database.writeNow(() => {
    database.orm
      .insert(signingKeys)
      .values(key)
      .onConflictDoNothing({ target: signingKeys.rootId })
      .run()
    const stored = findKey(database, root)
    if (stored === undefined) throw new Error('the signing key could not be read back')
    return stored
  })
}

async function toSigningKey(kid: string, privateJwk: JWK): Promise<SigningKey> {
  const { kty = '', crv = '', x = '', y = '' } = privateJwk
  const publicJwk: JWK = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }
  const publicKey = await importJWK(publicJwk, 'ES256')
  if (publicKey instanceof Uint8Array) throw new Error('the stored signing key is not an EC key')
  const privateKey = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
  return { kid, privateKey, publicKey, publicJwk }
}
