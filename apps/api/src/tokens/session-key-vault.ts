import type { SessionKeyVault } from '@mianmi/core'
import type { RootKey } from './root-key.ts'

/** Session keys under AES-256-GCM, each tied to the identity it belongs to by additional data. */
export function createSessionKeyVault(root: RootKey): SessionKeyVault {
  return {
    seal({ appId, openid }, sessionKey) {
      const owner = `${appId} ${openid}`
      return {
        sealed: root.seal('session key', sessionKey, owner),
        fingerprint: root.mac('session key', `${owner} ${sessionKey}`).toString('base64url'),
      }
    },
    open: ({ appId, openid }, sealed) => root.open('session key', sealed, `${appId} ${openid}`),
  }
}
