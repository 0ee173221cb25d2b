import type { SealedKey, SessionKeyVault } from '@mianmi/core'
import type { RootKey } from './root-key.ts'

/** Encrypts session keys with AES-256-GCM, each bound to its identity by additional data. */
export function createSessionKeyVault(root: RootKey): SessionKeyVault {
  return {
    seal({ appId, openid }, sessionKey) {
      const owner = `${appId} ${openid}`
      const [fingerprint = '', ...former] = root.macs('session key', `${owner} ${sessionKey}`)
      const seal = () => root.seal('session key', sessionKey, owner)
      return new LazySealedKey(fingerprint, former, seal)
    },
    open: ({ appId, openid }, sealed) => root.open('session key', sealed, `${appId} ${openid}`),
  }
}

/** Seals the key when `sealed` is first read. A class, so that the getter is on the prototype. */
class LazySealedKey implements SealedKey {
  readonly fingerprint: string
  readonly formerFingerprints: readonly string[]
  private readonly seal: () => string
  private sealedKey: string | null = null

  constructor(fingerprint: string, former: readonly string[], seal: () => string) {
    this.fingerprint = fingerprint
    this.formerFingerprints = former
    this.seal = seal
  }

  get sealed(): string {
    this.sealedKey ??= this.seal()
    return this.sealedKey
  }
}
