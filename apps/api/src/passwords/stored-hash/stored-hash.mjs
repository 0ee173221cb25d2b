// Password hashes of every scheme that an import may bring. Plain JavaScript, because the worker thread of passwords
// loads it, and tests start that thread without a build.
import { argon2Scheme } from './argon2.mjs'
import { bcryptScheme } from './bcrypt.mjs'
import { pbkdf2Schemes } from './pbkdf2.mjs'
import { saltedDigestScheme } from './salted-digest.mjs'
import { scryptScheme } from './scrypt.mjs'

/**
 * @typedef {object} StoredHash
 * @property {string} kind scheme and cost: the text of the hash up to its salt
 * @property {string} scheme the name of its scheme. The work of hashes of one scheme can be compared
 * @property {number} work what the computation costs, in a unit of the scheme
 * @property {(password: string) => boolean} matches
 *
 * @typedef {object} Scheme
 * @property {string} name
 * @property {number} msOf how long one unit of work takes, in ms on a common server: for estimates
 * @property {(text: string) => Omit<StoredHash, 'scheme'> | null} read null where the text is no hash of this scheme, or a
 * broken one
 * @property {(work: number, password: string) => void} spend computes for as long as a hash of this work takes
 */

/** @type {readonly Scheme[]} */
const schemes = [argon2Scheme, bcryptScheme, scryptScheme, ...pbkdf2Schemes, saltedDigestScheme]

/**
 * Reads a stored password hash: argon2, bcrypt, scrypt, PBKDF2, or a salted SHA-256 or MD5; see docs/import.md for the
 * formats. A hash whose cost is beyond the limits of its scheme is not read, because verifying it would block a thread for seconds.
 *
 * @param {string} text
 * @returns {StoredHash | null}
 */
export function readStoredHash(text) {
  for (const { name: scheme, read } of schemes) {
    const hash = read(text)
    if (hash !== null) return { ...hash, scheme }
  }
  return null
}

/**
 * Computes for as long as hashes of the given work take together.
 *
 * @param {Readonly<Record<string, number>>} works by the name of the scheme
 * @param {string} password
 */
export function spendWork(works, password) {
  for (const { name, spend } of schemes) {
    const work = works[name] ?? 0
    if (work > 0) spend(work, password)
  }
}

/**
 * How long hashes of the given work take together, in ms on a common server.
 *
 * @param {Readonly<Record<string, number>>} works by the name of the scheme
 */
export const estimateMs = (works) =>
  schemes.reduce((total, { name, msOf }) => total + (works[name] ?? 0) * msOf, 0)
