import type { SealedKey, SessionKeyVault } from '@mianmi/core'
import type { RootKey } from './root-key.ts'

/** Encrypts session keys with AES-256-GCM, each bound to its identity by additional data. */
export function createSessionKeyVault(root: RootKey): SessionKeyVault {
  return {
    seal({ appId, openid }, sessionKey) {
      const owner = `${appId} ${openid}`
      const fingerprint = root.mac('session key', `${owner} ${sessionKey}`)
      return new LazySealedKey(fingerprint, () => root.seal('session key', sessionKey, owner))
    },
    open: ({ appId, openid }, sealed) => root.open('session key', sealed, `${appId} ${openid}`),
  }
}

/** Seals the key when `sealed` is first read. A class, so that the getter is on the prototype. */
class LazySealedKey implements SealedKey {
  readonly fingerprint: string
  private readonly seal: () => string
  private sealedKey: string | null = null

  constructor(fingerprint: string, seal: () => string) {
    this.fingerprint = fingerprint
    this.seal = seal
  }

  get sealed(): string {
    this.sealedKey ??= this.seal()
    return this.sealedKey
  }
}
