import { availableParallelism } from 'node:os'
import { Failure, type Passwords } from '@mianmi/core'
import { prepareThreads } from '../threads.ts'
import { isCommonPassword } from './common-passwords.ts'

/** More would take the cores that the rest of the machine needs; each takes 19 MiB as it hashes. */
const mostThreads = 3
/** Beyond a few seconds of waiting the caller has gone. */
const waiting = 256
/**
 * Where the cores are fewer than the work, the event loop comes first: a tenth of its weight on Linux
 * (sched(7)), so that passwords are slower then and everybody else is not. The system gives a thread some 4 ms
 * at a time, in which a loop that shares its core stands still: at a third of the weight that came often
 * enough to be the p99 of every other call.
 */
const niceIncrement = 10

/**
 * The hash of 32 random bytes that nobody kept, at the same cost: what a password is checked against where
 * there is no account. It fits nothing; were it to, the answer would still be no.
 */
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$YX5+S9bnPyiMQcLKZh4/Ig$GZ3R37ocDpgxeVaKIDyduPX1qutEUeSuB76pWNX0TcE'

const threads = prepareThreads(new URL('./hasher.mjs', import.meta.url), {
  maxThreads: Math.max(1, Math.min(mostThreads, availableParallelism() - 1)),
  maxQueue: waiting,
  niceIncrement,
})

/** argon2id (RFC 9106) on threads of its own, one core being left to the event loop. */
export function createPasswords(): Passwords {
  return {
    isCommon: isCommonPassword,
    hash: (password) => run('hash', password),
    async verify(password, known) {
      const fits = await run<boolean>('verify', { password, hash: known ?? nobody })
      return known !== null && fits
    },
  }
}

/** @throws Failure `overloaded` at once where too many wait already */
async function run<T>(name: 'hash' | 'verify', input: unknown): Promise<T> {
  const pool = await threads()
  if (pool.queueSize >= waiting)
    throw new Failure('overloaded', { detail: 'password queue', retryAfter: 2 })
  return pool.run(input, { name })
}
