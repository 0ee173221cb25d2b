import type { Totp } from '@mianmi/core/admin'
import { Secret, TOTP } from 'otpauth'
import type { RootKey } from '../../tokens/root-key.ts'

/** Seconds. RFC 6238 §5.2 recommends this value, and every authenticator app supports it. */
const period = 30
/**
 * Accepted time steps before and after the current one. RFC 6238 §5.2 allows at most one for transmission delay.
 */
const driftSteps = 1
/** Bytes. RFC 4226 §4 recommends 160 bits. */
const secretSize = 20

/** Time-based one-time passwords (RFC 6238). Each stored secret is sealed and bound to its administrator. */
export function createTotp(root: RootKey): Totp {
  const totpOf = (secret: Secret, label = ''): TOTP =>
    new TOTP({ issuer: 'mianmi', label, algorithm: 'SHA1', digits: 6, period, secret })
  return {
    draft({ id, account }) {
      const secret = new Secret({ size: secretSize })
      const { base32 } = secret
      const uri = totpOf(secret, account).toString()
      return { secret: base32, uri, sealed: root.seal('second factor', base32, id) }
    },
    stepOf(userId, sealed, { code, now }) {
      // The library throws for digits of other scripts.
      if (!/^\d{6}$/.test(code)) return null
      const secret = Secret.fromBase32(root.open('second factor', sealed, userId))
      const delta = totpOf(secret).validate({ token: code, timestamp: now, window: driftSteps })
      return delta === null ? null : Math.floor(now / 1000 / period) + delta
    },
  }
}
