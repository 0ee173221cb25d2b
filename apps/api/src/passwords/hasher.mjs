// The thread on which passwords are hashed. Plain JavaScript, as Node 20 starts no thread from TypeScript.
import { hashSync, verifySync } from '@node-rs/argon2'

/** The library's `Algorithm.Argon2id`, an ambient enum that isolated modules cannot read. */
const argon2id = 2
/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane; some 20 ms of a core. */
const cost = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** @param {string} password */
export const hash = (password) => hashSync(password, cost)

/** @param {{ password: string, hash: string }} input */
export const verify = ({ password, hash }) => verifySync(hash, password)
