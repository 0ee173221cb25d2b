import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

/** The purposes for which keys are derived from SECRET_KEY, each its own key (RFC 5869 §3.2). */
export type KeyPurpose =
  | 'refresh token'
  | 'ticket'
  | 'signing key'
  | 'session key'
  | 'phone'
  | 'second factor'
  | 'recovery code'
  | 'audit key'
  | 'webhook secret'
  | 'root id'
  | 'retired key'

/**
 * The keys of SECRET_KEY. The first one seals and makes MACs; all of them open and verify, so that SECRET_KEY can be
 * changed.
 */
export interface RootKey {
  /** HMAC-SHA-256 under the purpose's first key, in base64url. */
  mac(purpose: KeyPurpose, data: string): string
  /** The MACs of the data under all keys that count, the first key's first: what was made earlier equals one of them. */
  macs(purpose: KeyPurpose, data: string): readonly string[]
  /**
   * AES-256-GCM under the purpose's first key. Returns a short id of the key, a dot, and base64url of nonce, ciphertext
   * and tag, which opens only with the same `owner`.
   */
  seal(purpose: KeyPurpose, plain: string, owner?: string): string
  /** @throws UnopenedError when the text was sealed under a key that is not listed or for another owner, or was changed */
  open(purpose: KeyPurpose, sealed: string, owner?: string): string
  /** Whether a text was sealed under the first key. */
  isCurrent(sealed: string): boolean
  /** Identifies the first key and reveals nothing about it. */
  readonly id: string
  /** Identifies each key of SECRET_KEY, the first one first. */
  readonly ids: readonly string[]
  /** The purpose's key of a listed key, sealed: with `restoreMacKey` it verifies after that key is no longer listed. */
  retireMacKey(id: string, purpose: KeyPurpose): string
  /** Lets `macs` also use a retired key. @throws as `open` does */
  restoreMacKey(id: string, purpose: KeyPurpose, sealed: string): void
}

/** A sealed text that no key of SECRET_KEY opens. */
export class UnopenedError extends Error {
  override readonly name = 'UnopenedError'

  constructor(cause?: unknown) {
    super(
      'no key of SECRET_KEY opens what the database has sealed, because its key is not listed or it was altered; append the missing key (new,old)',
      { cause },
    )
  }
}

/** The owner for whom a retired key is sealed. */
export const retiredKeyOwner = (id: string, purpose: KeyPurpose): string => `${id} ${purpose}`

const nonceBytes = 12
const tagBytes = 16
/** Characters of a key's id in sealed texts. Those that have none were sealed by an earlier version. */
const shortIdLength = 8

/** @param secrets of SECRET_KEY, the first one first */
export function createRootKey(...secrets: readonly [Uint8Array, ...Uint8Array[]]): RootKey {
  const [secret, ...formerSecrets] = secrets
  const first = createSingleKey(secret)
  const keys = [first, ...formerSecrets.map(createSingleKey)]
  const ids = keys.map(({ id }) => id)
  const retired = new Map<KeyPurpose, Map<string, KeyObject>>()
  const prefix = `${first.shortId}.`
  const seal = (purpose: KeyPurpose, plain: string, owner = ''): string =>
    prefix + first.seal(purpose, plain, owner)
  const open = (purpose: KeyPurpose, sealed: string, owner = ''): string => {
    const [shortId, text] = splitSealed(sealed)
    const candidates = shortId === null ? keys : keys.filter((key) => key.shortId === shortId)
    return openWithAny(candidates, (key) => key.open(purpose, text, owner))
  }
  return {
    mac: first.mac,
    macs: (purpose, data) => [
      ...keys.map((key) => key.mac(purpose, data)),
      ...[...(retired.get(purpose)?.values() ?? [])].map((key) => hmac(key, data)),
    ],
    seal,
    open,
    isCurrent: (sealed) => sealed.startsWith(prefix),
    id: first.id,
    ids,
    retireMacKey(id, purpose) {
      const key = keys.find((each) => each.id === id)
      if (key === undefined) throw new Error('only a listed key can be retired')
      const text = key.derive(purpose).export().toString('base64url')
      return seal('retired key', text, retiredKeyOwner(id, purpose))
    },
    restoreMacKey(id, purpose, sealed) {
      if (ids.includes(id)) return
      const text = open('retired key', sealed, retiredKeyOwner(id, purpose))
      const ofPurpose = retired.get(purpose) ?? new Map<string, KeyObject>()
      retired.set(purpose, ofPurpose.set(id, createSecretKey(text, 'base64url')))
    },
  }
}

type SingleKey = ReturnType<typeof createSingleKey>

/**
 * One key of SECRET_KEY. The derived keys are `KeyObject`s: for a key of another type, Node 24 throws and catches two errors
 * at each use (lib/internal/crypto/keys.js, `isKeyObject`, `isCryptoKey`), which costs five times as much as an HMAC.
 */
function createSingleKey(secret: Uint8Array) {
  const keys = new Map<KeyPurpose, KeyObject>()
  const derive = (purpose: KeyPurpose): KeyObject => {
    const cached = keys.get(purpose)
    if (cached) return cached
    const bytes = hkdfSync('sha256', secret, '', `mianmi ${purpose}`, 32)
    const key = createSecretKey(Buffer.from(bytes))
    keys.set(purpose, key)
    return key
  }
  const mac = (purpose: KeyPurpose, data: string): string => hmac(derive(purpose), data)
  const id = mac('root id', '').slice(0, 16)
  return {
    id,
    shortId: id.slice(0, shortIdLength),
    derive,
    mac,
    seal(purpose: KeyPurpose, plain: string, owner: string): string {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', derive(purpose), nonce)
      cipher.setAAD(Buffer.from(owner))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')
    },
    open(purpose: KeyPurpose, text: string, owner: string): string {
      const bytes = Buffer.from(text, 'base64url')
      const nonce = bytes.subarray(0, nonceBytes)
      const cipher = createDecipheriv('aes-256-gcm', derive(purpose), nonce, {
        authTagLength: tagBytes,
      })
      cipher.setAAD(Buffer.from(owner))
      cipher.setAuthTag(bytes.subarray(-tagBytes))
      const body = cipher.update(bytes.subarray(nonceBytes, -tagBytes))
      return Buffer.concat([body, cipher.final()]).toString('utf8')
    },
  }
}

const hmac = (key: KeyObject, data: string): string =>
  createHmac('sha256', key).update(data).digest('base64url')

/** The short id of the key, which a text of an earlier version does not have, and the text without it. */
function splitSealed(sealed: string): [shortId: string | null, text: string] {
  const dot = sealed.indexOf('.')
  return dot === -1 ? [null, sealed] : [sealed.slice(0, dot), sealed.slice(dot + 1)]
}

function openWithAny(keys: readonly SingleKey[], open: (key: SingleKey) => string): string {
  let failure: unknown
  for (const key of keys) {
    try {
      return open(key)
    } catch (error) {
      failure = error
    }
  }
  throw new UnopenedError(failure)
}
