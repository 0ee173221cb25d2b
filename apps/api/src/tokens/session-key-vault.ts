import type { SealedKey, SessionKeyVault } from '@mianmi/core'
import type { RootKey } from './root-key.ts'

/** Encrypts session keys with AES-256-GCM, each bound to its identity by additional data. */
export function createSessionKeyVault(root: RootKey): SessionKeyVault {
  return {
    seal({ appId, openid }, sessionKey) {
      const owner = `${appId} ${openid}`
      const text = `${owner} ${sessionKey}`
      return new LazySealedKey(root.mac('session key', text), {
        seal: () => root.seal('session key', sessionKey, owner),
        listFormer: () => root.macs('session key', text).slice(1),
      })
    },
    open: ({ appId, openid }, sealed) => root.open('session key', sealed, `${appId} ${openid}`),
  }
}

interface LazyParts {
  seal(): string
  listFormer(): readonly string[]
}

/** Computes what few sign-ins need when it is first read. A class, so that the getters are on the prototype. */
class LazySealedKey implements SealedKey {
  readonly fingerprint: string
  private readonly parts: LazyParts
  private sealedKey: string | null = null

  constructor(fingerprint: string, parts: LazyParts) {
    this.fingerprint = fingerprint
    this.parts = parts
  }

  get sealed(): string {
    this.sealedKey ??= this.parts.seal()
    return this.sealedKey
  }

  get formerFingerprints(): readonly string[] {
    return this.parts.listFormer()
  }
}
