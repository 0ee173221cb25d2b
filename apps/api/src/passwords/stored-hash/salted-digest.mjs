import { createHash, createHmac } from 'node:crypto'
import { areEqual, writtenSalt } from './bytes.mjs'

/** `sha256$salt$hex` and `md5$salt$hex`. The letters of the salt are the salt; it may be empty. */
const pattern = new RegExp(
  `^((sha256|md5)\\$)(${writtenSalt})\\$([0-9a-fA-F]{32}|[0-9a-fA-F]{64})$`,
)
/** @type {Readonly<Record<string, number>>} */
const lengths = { md5: 16, sha256: 32 }

/**
 * The systems that write this format differ in how they mix in the salt: Django puts it before the password, many of PHP
 * and Java behind, Flask takes it as the key of an HMAC. All three are tried: a password that matches one of them by
 * chance does not exist. They take microseconds, which is no work.
 *
 * @type {import('./stored-hash.mjs').Scheme}
 */
export const saltedDigestScheme = {
  name: 'digest',
  msOf: 0,
  read(text) {
    const [, kind, name = '', salt = '', hex = ''] = pattern.exec(text) ?? []
    const hash = Buffer.from(hex, 'hex')
    if (kind === undefined || hash.length !== lengths[name]) return null
    return {
      kind,
      work: 0,
      matches: (password) =>
        [
          createHash(name).update(salt).update(password).digest(),
          createHash(name).update(password).update(salt).digest(),
          createHmac(name, salt).update(password).digest(),
        ]
          .map((digest) => areEqual(digest, hash))
          .includes(true),
    }
  },
  spend: () => {},
}
