// Password hashes of every scheme that an import may bring. Plain JavaScript, because the worker thread of passwords
// loads it, and tests start that thread without a build.
import { argon2Scheme } from './argon2.mjs'
import { bcryptScheme } from './bcrypt.mjs'
import { pbkdf2Scheme } from './pbkdf2.mjs'
import { saltedDigestScheme } from './salted-digest.mjs'
import { scryptScheme } from './scrypt.mjs'

/**
 * @typedef {object} StoredHash
 * @property {string} kind scheme and cost: the text of the hash up to its salt. Hashes of one kind take the same time
 * @property {(password: string) => boolean} matches
 *
 * @typedef {object} Scheme
 * @property {(text: string) => StoredHash | null} read null where the text is no hash of this scheme, or a broken one
 * @property {(kind: string) => string | null} example a hash of this kind that no known password has
 */

/** @type {readonly Scheme[]} */
const schemes = [argon2Scheme, bcryptScheme, scryptScheme, pbkdf2Scheme, saltedDigestScheme]

/**
 * Reads a stored password hash: argon2, bcrypt, scrypt, PBKDF2, or a salted SHA-256 or MD5; see docs/import.md for the
 * formats. A hash whose cost is beyond the limits of its scheme is not read, because verifying it would block a thread for seconds.
 *
 * @param {string} text
 * @returns {StoredHash | null}
 */
export function readStoredHash(text) {
  for (const { read } of schemes) {
    const hash = read(text)
    if (hash !== null) return hash
  }
  return null
}

/**
 * A hash that takes as long to verify as one of the given kind.
 *
 * @param {string} kind
 * @returns {StoredHash | null}
 */
export function exampleOfKind(kind) {
  for (const { example } of schemes) {
    const text = example(kind)
    if (text !== null) return readStoredHash(text)
  }
  return null
}
