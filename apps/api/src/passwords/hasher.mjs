// The worker thread that hashes passwords. Plain JavaScript, so that tests can start it without a build.
import { hashSync } from '@node-rs/argon2'
import { ownCost } from './stored-hash/own-cost.mjs'
import { readStoredHash, spendWork } from './stored-hash/stored-hash.mjs'

/** @param {string} password */
export const hash = (password) => hashSync(password, ownCost)

/**
 * Verifies a password against a hash of any scheme. Of each scheme as much is computed as the given work, by the hash itself
 * and by what is missing, so that every account takes the same time, and so does none.
 *
 * @param {{ password: string, hash: string | null, works: Readonly<Record<string, number>> }} input `works` by the name of
 * the scheme
 */
export function verify({ password, hash, works }) {
  const stored = hash === null ? null : readStoredHash(hash)
  const rest = stored === null ? 0 : (works[stored.scheme] ?? 0) - stored.work
  spendWork(stored === null ? works : { ...works, [stored.scheme]: rest }, password)
  return stored?.matches(password) ?? false
}
