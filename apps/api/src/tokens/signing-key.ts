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
 * The key that signs access tokens: made on the first start, kept in the database under a key derived
 * from SECRET_KEY. Of processes that start at once all end up with the same one.
 */
export async function loadSigningKey(database: Database, root: RootKey): Promise<SigningKey> {
  const kept = find(database, root) ?? keep(database, root, await make())
  return toSigningKey(kept.kid, JSON.parse(root.open('signing key', kept.sealedPrivateJwk)))
}

const find = ({ orm }: Database, { id }: RootKey) =>
  orm.select().from(signingKeys).where(eq(signingKeys.rootId, id)).get()

async function make(): Promise<{ kid: string; jwk: JWK }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { kid: await calculateJwkThumbprint(jwk), jwk }
}

/** Keeps a new key, unless another process has kept one meanwhile: answers the one that is kept. */
function keep(database: Database, root: RootKey, { kid, jwk }: { kid: string; jwk: JWK }) {
  const sealedPrivateJwk = root.seal('signing key', JSON.stringify(jwk))
  const key = { kid, rootId: root.id, sealedPrivateJwk, createdAt: Date.now() }
  return database.writeNow(() => {
    database.orm
      .insert(signingKeys)
      .values(key)
      .onConflictDoNothing({ target: signingKeys.rootId })
      .run()
    const kept = find(database, root)
    if (kept === undefined) throw new Error('the signing key could not be read back')
    return kept
  })
}

async function toSigningKey(kid: string, privateJwk: JWK): Promise<SigningKey> {
  const { kty = '', crv = '', x = '', y = '' } = privateJwk
  const publicJwk: JWK = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }
  const publicKey = await importJWK(publicJwk, 'ES256')
  if (publicKey instanceof Uint8Array) throw new Error('the stored signing key is no EC key')
  const privateKey = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
  return { kid, privateKey, publicKey, publicJwk }
}
