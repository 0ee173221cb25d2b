import { createHash, createHmac } from 'node:crypto'
import { areEqual } from './bytes.mjs'

/** `sha256$salt$hex` and `md5$salt$hex`. The letters of the salt are the salt; it may be empty. */
const pattern = /^((sha256|md5)\$)([^$\s]{0,128})\$([0-9a-fA-F]{32}|[0-9a-fA-F]{64})$/
const lengths = { md5: 16, sha256: 32 }

/**
 * The systems that write this format differ in how they mix in the salt: Django puts it before the password, many of PHP
 * and Java behind, Flask takes it as the key of an HMAC. All three are tried: a password that matches one of them by
 * chance does not exist.
 *
 * @type {import('./stored-hash.mjs').Scheme}
 */
export const saltedDigestScheme = {
  read(text) {
    const [, kind, name = '', salt = '', hex = ''] = pattern.exec(text) ?? []
    const hash = Buffer.from(hex, 'hex')
    if (kind === undefined || hash.length !== (name === 'md5' ? lengths.md5 : lengths.sha256))
      return null
    return {
      kind,
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
  example(kind) {
    if (kind === 'md5$') return `md5$salt$${'0'.repeat(2 * lengths.md5)}`
    return kind === 'sha256$' ? `sha256$salt$${'0'.repeat(2 * lengths.sha256)}` : null
  },
}
