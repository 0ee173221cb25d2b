import { createPrivateKey, type KeyObject } from 'node:crypto'
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose'
import type { NewSigningKey, SigningKeyRecord, SigningKeyStore } from '../store/store.ts'
import { hasChainMark, markJwk, openJwk } from './chain-mark.ts'
import type { RootKey } from './root-key.ts'

/** A key that verifies access tokens. */
export interface VerifyingKey {
  readonly kid: string
  readonly publicKey: CryptoKey
  /** For `/.well-known/jwks.json`. */
  readonly publicJwk: JWK
}

export interface SigningKey extends VerifyingKey {
  readonly privateKey: KeyObject
}

/** A key that may have signed a token that has not expired. */
export interface FormerKey extends VerifyingKey {
  /** When its last token expires, in ms since the epoch; null while its key is in SECRET_KEY. */
  readonly until: number | null
}

export interface SigningKeys {
  readonly signing: SigningKey
  readonly former: readonly FormerKey[]
}

/**
 * A signing key of a root key that SECRET_KEY does not list stays for as long, in ms. A process that is started with the
 * former list, in the middle of a change of SECRET_KEY, must not delete what another one has published already.
 */
const unusedFor = 7 * 24 * 3_600_000

/** Times in ms. */
interface KeyLifetime {
  readonly accessTokenTtl: number
  readonly now: number
}

/**
 * Loads the keys of the access tokens. Each key of SECRET_KEY has one, which is created at the first start with that
 * key and stored encrypted under the first key of SECRET_KEY. The first one's signs. The others are published too, so
 * that other services and nodes know a key before it signs, and after it was replaced. Concurrent first starts all get
 * the same keys.
 */
export async function loadSigningKeys(
  signingKeys: SigningKeyStore,
  root: RootKey,
  lifetime: KeyLifetime,
): Promise<SigningKeys> {
  const { accessTokenTtl, now } = lifetime
  const rows = await ensureKeys(signingKeys, root, lifetime)
  const loaded = await Promise.all(
    rows.filter(isOfUse(root)).map(async (row) => {
      const until = row.retiredAt === null ? null : row.retiredAt + accessTokenTtl
      const key = await toSigningKey(row.kid, openPrivateJwk(root, row.sealedPrivateJwk))
      return { key, until, rootId: row.rootId }
    }),
  )
  const signing = loaded.find(({ rootId }) => rootId === root.id)?.key
  if (signing === undefined) throw new Error('the signing key could not be read back')
  const former = loaded
    .filter(({ key, until }) => key !== signing && (until === null || until > now))
    .map(({ key: { kid, publicKey, publicJwk }, until }) => ({ kid, publicKey, publicJwk, until }))
  return { signing, former }
}

/**
 * Reads the keys that verify tokens, and changes nothing. Left out are those that no key of SECRET_KEY opens: of a key that
 * this process does not list.
 */
export async function readVerifyingKeys(
  signingKeys: Pick<SigningKeyStore, 'list'>,
  root: RootKey,
  { accessTokenTtl, now }: KeyLifetime,
): Promise<FormerKey[]> {
  const keys = (await signingKeys.list()).map(async ({ kid, sealedPrivateJwk, retiredAt }) => {
    const until = retiredAt === null ? null : retiredAt + accessTokenTtl
    const jwk = openJwk(root, sealedPrivateJwk)
    if (jwk === null || (until !== null && until <= now)) return []
    const { publicKey, publicJwk } = await toSigningKey(kid, jwk)
    return [{ kid, publicKey, publicJwk, until }]
  })
  return (await Promise.all(keys)).flat()
}

/** What `/.well-known/jwks.json` serves: every key of a token that has not expired. */
export function publishedKeys({ signing, former }: SigningKeys, now: number): JWK[] {
  const live = former.filter(({ until }) => until === null || until > now)
  return [signing, ...live].map(({ publicJwk }) => publicJwk)
}

/** A key that was listed and never first may be left sealed under a root key that is listed no longer. */
const isOfUse =
  (root: RootKey) =>
  ({ rootId, retiredAt, sealedPrivateJwk }: SigningKeyRecord): boolean =>
    retiredAt !== null || root.ids.includes(rootId) || openJwk(root, sealedPrivateJwk) !== null

const openPrivateJwk = (root: RootKey, sealed: string): JWK =>
  JSON.parse(root.open('signing key', sealed))

/** Creates the missing keys, and removes those that verify no token any more. */
async function ensureKeys(
  signingKeys: SigningKeyStore,
  root: RootKey,
  { accessTokenTtl, now }: KeyLifetime,
): Promise<readonly SigningKeyRecord[]> {
  const retiredUntil = now - accessTokenTtl
  const unusedUntil = now - unusedFor
  const isExpired = ({ retiredAt }: SigningKeyRecord): boolean =>
    retiredAt !== null && retiredAt <= retiredUntil
  // A key of SECRET_KEY that is not listed and was not replaced has never signed: see `claimDatabase`.
  const isUnused = ({ rootId, createdAt, retiredAt }: SigningKeyRecord): boolean =>
    !root.ids.includes(rootId) && retiredAt === null && createdAt <= unusedUntil
  // By a clock that was ahead and was set right since.
  const isAhead = ({ retiredAt }: SigningKeyRecord): boolean =>
    retiredAt !== null && retiredAt > now
  const isFirstRetired = ({ rootId, retiredAt }: SigningKeyRecord): boolean =>
    rootId === root.id && retiredAt !== null
  const stored = await signingKeys.list()
  const isComplete = root.ids.every((id) => stored.some(({ rootId }) => rootId === id))
  const isWrong = (key: SigningKeyRecord): boolean =>
    isExpired(key) || isUnused(key) || isAhead(key) || isFirstRetired(key)
  if (isComplete && !stored.some(isWrong)) return stored
  const hasChain = await hadChain(signingKeys, stored, root)
  const drafts = await Promise.all(
    root.ids.map((rootId) => draftKey(root, { rootId, now, hasChain })),
  )
  const limits = { retiredUntil, unusedUntil, now }
  return signingKeys.keep({ first: root.id, listed: root.ids, drafts, ...limits })
}

/**
 * Whether the database has had a chain of the audit log. Its signing keys say so. Where all of them were deleted,
 * sessions and sealed keys of WeChat still show that the service has run.
 */
async function hadChain(
  signingKeys: SigningKeyStore,
  stored: readonly SigningKeyRecord[],
  root: RootKey,
): Promise<boolean> {
  const jwks = stored
    .map(({ sealedPrivateJwk }) => openJwk(root, sealedPrivateJwk))
    .filter((jwk) => jwk !== null)
  return jwks.length > 0 ? jwks.some(hasChainMark) : signingKeys.haveBeenUsed()
}

interface Draft {
  readonly rootId: string
  readonly now: number
  readonly hasChain: boolean
}

async function draftKey(root: RootKey, { rootId, now, hasChain }: Draft): Promise<NewSigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  const sealedPrivateJwk = root.seal('signing key', JSON.stringify(hasChain ? markJwk(jwk) : jwk))
  return { kid: await calculateJwkThumbprint(jwk), rootId, sealedPrivateJwk, createdAt: now }
}

async function toSigningKey(kid: string, privateJwk: JWK): Promise<SigningKey> {
  const { kty = '', crv = '', x = '', y = '' } = privateJwk
  const publicJwk: JWK = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }
  const publicKey = await importJWK(publicJwk, 'ES256')
  if (publicKey instanceof Uint8Array) throw new Error('the stored signing key is not an EC key')
  const privateKey = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
  return { kid, privateKey, publicKey, publicJwk }
}
