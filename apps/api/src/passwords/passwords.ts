import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Passwords } from '@mianmi/core'
import { hash, verify } from '@node-rs/argon2'
import { isCommonPassword } from './common-passwords.ts'
import { createQueue } from './queue.ts'

/** The library's `Algorithm.Argon2id`, an ambient enum that isolated modules cannot read. */
const argon2id = 2
/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane; some 20 ms of a core. */
const cost = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** Beyond a few seconds of waiting the caller has gone. */
const waiting = 256
/** Of libuv's four threads; signatures of tokens are made and checked on the others. */
const mostThreads = 3

/** argon2id (RFC 9106) on libuv's threads, one core being left to the event loop. */
export async function createPasswords(): Promise<Passwords> {
  const atOnce = Math.max(1, Math.min(mostThreads, availableParallelism() - 1))
  const queue = createQueue({ atOnce, waiting })
  const nobody = await hash(randomBytes(32), cost)
  return {
    isCommon: isCommonPassword,
    hash: (password) => queue.run(() => hash(password, cost)),
    async verify(password, known) {
      const fits = await queue.run(() => verify(known ?? nobody, password))
      return known !== null && fits
    },
  }
}
