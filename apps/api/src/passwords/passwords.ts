import { availableParallelism } from 'node:os'
import { Failure, type Passwords } from '@mianmi/core'
import { createLazyThreadPool } from '../thread-pool.ts'
import { isCommonPassword } from './common-passwords.ts'

/** More threads would take the cores that the rest of the machine needs. Each uses 19 MiB while it hashes. */
const maxThreads = 3
/** Upper limit of waiting calls: after a few seconds of waiting the caller has given up. */
const maxQueue = 256
/**
 * Gives the event loop priority when there are fewer cores than work: a hashing thread has a tenth of its weight on
 * Linux (sched(7)), so that only passwords get slower. The scheduler gives a thread about 4 ms at a time, during
 * which an event loop on the same core is blocked; with a third of the weight that determined the p99 of all other
 * calls.
 */
const niceIncrement = 10

/**
 * The hash of 32 random bytes that were not kept, at the same cost. A password is checked against it when there is
 * no account, so that this takes the same time. Nothing matches it, and the result would be false anyway.
 */
const dummyHash =
  '$argon2id$v=19$m=19456,t=2,p=1$YX5+S9bnPyiMQcLKZh4/Ig$GZ3R37ocDpgxeVaKIDyduPX1qutEUeSuB76pWNX0TcE'

const threadPool = createLazyThreadPool(new URL('./hasher.mjs', import.meta.url), {
  maxThreads: Math.max(1, Math.min(maxThreads, availableParallelism() - 1)),
  maxQueue,
  niceIncrement,
})

/** argon2id (RFC 9106) on worker threads; one core is left to the event loop. */
export function createPasswords(): Passwords {
  return {
    isCommon: isCommonPassword,
    hash: (password) => run('hash', password),
    async verify(password, storedHash) {
      const matches = await run<boolean>('verify', { password, hash: storedHash ?? dummyHash })
      return storedHash !== null && matches
    },
  }
}

/** @throws Failure `overloaded` at once when too many calls wait */
async function run<T>(name: 'hash' | 'verify', input: unknown): Promise<T> {
  const pool = await threadPool()
  if (pool.queueSize >= maxQueue)
    throw new Failure('overloaded', { detail: 'password queue', retryAfter: 2 })
  return pool.run(input, { name })
}
