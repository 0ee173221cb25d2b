import type { SealedKey, SessionKeyVault } from '@mianmi/core'
import type { RootKey } from './root-key.ts'

/** Session keys under AES-256-GCM, each tied to the identity it belongs to by additional data. */
export function createSessionKeyVault(root: RootKey): SessionKeyVault {
  return {
    seal({ appId, openid }, sessionKey) {
      const owner = `${appId} ${openid}`
      const fingerprint = root.mac('session key', `${owner} ${sessionKey}`)
      return new LazilySealed(fingerprint, () => root.seal('session key', sessionKey, owner))
    },
    open: ({ appId, openid }, sealed) => root.open('session key', sealed, `${appId} ${openid}`),
  }
}

/** Sealed when that is asked for, and once. A class, for the getter on its prototype. */
class LazilySealed implements SealedKey {
  readonly fingerprint: string
  private readonly seal: () => string
  private made: string | null = null

  constructor(fingerprint: string, seal: () => string) {
    this.fingerprint = fingerprint
    this.seal = seal
  }

  get sealed(): string {
    this.made ??= this.seal()
    return this.made
  }
}
