// The worker thread that hashes passwords. Plain JavaScript, so that tests can start it without a build.
import { hashSync, verifySync } from '@node-rs/argon2'

/** The library's `Algorithm.Argon2id`, an ambient enum that isolated modules cannot read. */
const argon2id = 2
/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane; about 20 ms of one core. */
const cost = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** @param {string} password */
export const hash = (password) => hashSync(password, cost)

/** @param {{ password: string, hash: string }} input */
export const verify = ({ password, hash }) => verifySync(hash, password)
