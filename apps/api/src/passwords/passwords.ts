import { availableParallelism } from 'node:os'
import type { PasswordCaller, Passwords } from '@mianmi/core'
import { createLazyThreadPool } from '../thread-pool.ts'
import { isCommonPassword } from './common-passwords.ts'
import { createFairQueue } from './fair-queue.ts'

/** More threads would take the cores that the rest of the machine needs. Each uses 19 MiB while it hashes. */
const maxThreads = 3
/** Threads for users; one core is left to the event loop. */
const threads = Math.max(1, Math.min(maxThreads, availableParallelism() - 1))
/**
 * One thread more for each kind of administrator: a sign-in at the console waits behind no user, and one in a known
 * browser behind no stranger at the console. A thread starts when it is used.
 */
const administratorThreads = 1
/**
 * Limits of the queue. A thread verifies some 40 passwords a second, and a shutdown waits 10 s. An honest caller waits for
 * one call, or for two where a reply was lost.
 */
const queueLimits = { maxWaiting: 256, maxWaitingOfCaller: 16, maxWaitMs: 10_000 }
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
  maxThreads: threads + 2 * administratorThreads,
  niceIncrement,
  // The queues below start no more calls than there are threads. While a thread starts, its call waits in the pool.
  stricterFIFO: true,
})

const queues = {
  user: createFairQueue({ slots: threads, ...queueLimits }),
  administrator: createFairQueue({ slots: administratorThreads, ...queueLimits }),
  'known administrator': createFairQueue({ slots: administratorThreads, ...queueLimits }),
}

/** The commands and the start of the service hash one password. */
const service: PasswordCaller = { kind: 'known administrator', id: '', network: '' }

/** argon2id (RFC 9106) on worker threads. */
export function createPasswords(): Passwords {
  return {
    isCommon: isCommonPassword,
    hash: (password, caller = service) => run('hash', password, caller),
    async verify(password, storedHash, caller = service) {
      const input = { password, hash: storedHash ?? dummyHash }
      const matches = await run<boolean>('verify', input, caller)
      return storedHash !== null && matches
    },
  }
}

/** @throws Failure `overloaded` */
function run<T>(name: 'hash' | 'verify', input: unknown, caller: PasswordCaller): Promise<T> {
  return queues[caller.kind].run(caller, async () => (await threadPool()).run(input, { name }))
}
