import type { Totp } from '@mianmi/core/admin'
import { Secret, TOTP } from 'otpauth'
import type { RootKey } from '../../tokens/root-key.ts'

/** Seconds; RFC 6238 §5.2 recommends it, and every app takes it. */
const period = 30
/** RFC 6238 §5.2: at most one step of delay, for clocks that differ and fingers that are slow. */
const steps = 1
/** Bytes; RFC 4226 §4 recommends 160 bits. */
const secretSize = 20

/** Codes as all authenticator apps make them; the secrets are sealed, each tied to its administrator. */
export function createTotp(root: RootKey): Totp {
  const codesOf = (secret: Secret, label = ''): TOTP =>
    new TOTP({ issuer: 'mianmi', label, algorithm: 'SHA1', digits: 6, period, secret })
  return {
    draft({ id, account }) {
      const secret = new Secret({ size: secretSize })
      const { base32 } = secret
      const uri = codesOf(secret, account).toString()
      return { secret: base32, uri, sealed: root.seal('second factor', base32, id) }
    },
    stepOf(userId, sealed, { code, now }) {
      // The library throws at digits of other scripts.
      if (!/^\d{6}$/.test(code)) return null
      const secret = Secret.fromBase32(root.open('second factor', sealed, userId))
      const delta = codesOf(secret).validate({ token: code, timestamp: now, window: steps })
      return delta === null ? null : Math.floor(now / 1000 / period) + delta
    },
  }
}
