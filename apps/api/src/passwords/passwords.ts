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

/**
 * The hash of 32 random bytes that nobody kept, at the same cost: what a password is checked against where
 * there is no account. It fits nothing; were it to, the answer would still be no.
 */
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$YX5+S9bnPyiMQcLKZh4/Ig$GZ3R37ocDpgxeVaKIDyduPX1qutEUeSuB76pWNX0TcE'

/** argon2id (RFC 9106) on libuv's threads, one core being left to the event loop. */
export function createPasswords(): Passwords {
  const atOnce = Math.max(1, Math.min(mostThreads, availableParallelism() - 1))
  const queue = createQueue({ atOnce, waiting })
  return {
    isCommon: isCommonPassword,
    hash: (password) => queue.run(() => hash(password, cost)),
    async verify(password, known) {
      const fits = await queue.run(() => verify(known ?? nobody, password))
      return known !== null && fits
    },
  }
}
