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
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** For `/.well-known/jwks.json`. */
  readonly publicJwk: JWK
}

/**
 * The key that signs access tokens: made on the first start, kept in the database under a key derived
 * from SECRET_KEY. Of processes that start at once all end up with the same one.
 */
export async function loadSigningKey(database: Database, root: RootKey): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const fresh = await exportJWK(privateKey)
  const kid = await calculateJwkThumbprint(fresh)
  const kept = database.writeNow(() => {
    database.orm
      .insert(signingKeys)
      .values({
        kid,
        rootId: root.id,
        sealedPrivateJwk: root.seal('signing key', JSON.stringify(fresh)),
        createdAt: Date.now(),
      })
      .onConflictDoNothing({ target: signingKeys.rootId })
      .run()
    return database.orm.select().from(signingKeys).where(eq(signingKeys.rootId, root.id)).get()
  })
  if (kept === undefined) throw new Error('the signing key could not be read back')
  return toSigningKey(kept.kid, JSON.parse(root.open('signing key', kept.sealedPrivateJwk)))
}

async function toSigningKey(kid: string, privateJwk: JWK): Promise<SigningKey> {
  const { kty = '', crv = '', x = '', y = '' } = privateJwk
  const publicJwk: JWK = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }
  const [privateKey, publicKey] = await Promise.all([
    importJWK(privateJwk, 'ES256'),
    importJWK(publicJwk, 'ES256'),
  ])
  if (privateKey instanceof Uint8Array || publicKey instanceof Uint8Array)
    throw new Error('the stored signing key is no EC key')
  return { kid, privateKey, publicKey, publicJwk }
}
