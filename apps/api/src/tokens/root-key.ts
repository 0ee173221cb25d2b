import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** The purposes for which keys are derived from SECRET_KEY, each its own key (RFC 5869 §3.2). */
export type KeyPurpose =
  | 'refresh token'
  | 'ticket'
  | 'signing key'
  | 'session key'
  | 'phone'
  | 'second factor'
  | 'recovery code'
  | 'root id'

export interface RootKey {
  /** HMAC-SHA-256 under the purpose's key, in base64url. */
  mac(purpose: KeyPurpose, data: string): string
  /**
   * AES-256-GCM under the purpose's key. Returns base64url of nonce, ciphertext and tag, which opens only with the
   * same `owner`.
   */
  seal(purpose: KeyPurpose, plain: string, owner?: string): string
  /** @throws when the text was sealed under another key or for another owner, or was changed */
  open(purpose: KeyPurpose, sealed: string, owner?: string): string
  /** Identifies the key and reveals nothing about it. */
  readonly id: string
}

const nonceBytes = 12
const tagBytes = 16

export function createRootKey(secret: Uint8Array): RootKey {
  const keys = new Map<KeyPurpose, Buffer>()
  const keyFor = (purpose: KeyPurpose): Buffer => {
    const cached = keys.get(purpose)
    if (cached) return cached
    const key = Buffer.from(hkdfSync('sha256', secret, '', `mianmi ${purpose}`, 32))
    keys.set(purpose, key)
    return key
  }
  const mac = (purpose: KeyPurpose, data: string) =>
    createHmac('sha256', keyFor(purpose)).update(data).digest('base64url')
  return {
    mac,
    seal(purpose, plain, owner = '') {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', keyFor(purpose), nonce)
      cipher.setAAD(Buffer.from(owner))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')
    },
    open(purpose, sealed, owner = '') {
      const bytes = Buffer.from(sealed, 'base64url')
      const nonce = bytes.subarray(0, nonceBytes)
      const cipher = createDecipheriv('aes-256-gcm', keyFor(purpose), nonce, {
        authTagLength: tagBytes,
      })
      cipher.setAAD(Buffer.from(owner))
      cipher.setAuthTag(bytes.subarray(-tagBytes))
      const body = cipher.update(bytes.subarray(nonceBytes, -tagBytes))
      return Buffer.concat([body, cipher.final()]).toString('utf8')
    },
    id: mac('root id', '').slice(0, 16),
  }
}
