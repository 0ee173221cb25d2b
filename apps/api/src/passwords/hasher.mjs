// The worker thread that hashes passwords. Plain JavaScript, so that tests can start it without a build.
import { hashSync } from '@node-rs/argon2'
import { exampleOfKind, readStoredHash } from './stored-hash/stored-hash.mjs'

/** The library's `Algorithm.Argon2id`, an ambient enum that isolated modules cannot read. */
const argon2id = 2
/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane; about 20 ms of one core. */
const cost = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** @param {string} password */
export const hash = (password) => hashSync(password, cost)

/**
 * Verifies a password against a hash of any kind. Each of the given kinds is computed once, with the hash itself or with
 * an example of its kind, so that every account takes the same time, and so does none.
 *
 * @param {{ password: string, hash: string | null, kinds: readonly string[] }} input
 */
export function verify({ password, hash, kinds }) {
  const stored = hash === null ? null : readStoredHash(hash)
  const others = kinds.filter((kind) => kind !== stored?.kind)
  for (const kind of others) exampleOfKind(kind)?.matches(password)
  return stored?.matches(password) ?? false
}
