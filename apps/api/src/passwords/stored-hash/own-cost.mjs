// Apart from the schemes, whose native code only the threads that hash need.

/** The library's `Algorithm.Argon2id`, an ambient enum that isolated modules cannot read. */
const argon2id = 2
/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane; about 20 ms of one core. */
export const ownCost = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** What verifying a hash of the service itself costs. */
export const ownWork = ownCost.memoryCost * ownCost.timeCost
