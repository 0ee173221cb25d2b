import { availableParallelism } from 'node:os'
import type { PasswordCaller, Passwords } from '@mianmi/core'
import { ownHashPrefix } from '@mianmi/core/transfer'
import { createLazyThreadPool } from '../thread-pool.ts'
import { isCommonPassword } from './common-passwords.ts'
import { createFairQueue } from './fair-queue.ts'
import { type HashWorks, withWork } from './imported-work.ts'
import { ownWork } from './stored-hash/own-cost.mjs'

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

/** bcrypt compares the first 72 bytes of a password. */
const comparesWhole = (hash: string, password: string): boolean =>
  !hash.startsWith('$2') || Buffer.byteLength(password) <= 72

/** Makes a call that waits in a queue. `onTurn` is called when a thread takes it. */
export type WatchQueue = <T>(
  queue: PasswordCaller['kind'],
  call: (onTurn: () => void) => Promise<T>,
) => Promise<T>

const unwatched: WatchQueue = (_queue, call) => call(() => {})

/**
 * Hashes with argon2id (RFC 9106) on worker threads, and verifies what an import has brought too; see `stored-hash/`.
 *
 * @param importedWorks what the imported hashes cost that accounts still have. Each verification computes as much of each
 * scheme, so that its time does not reveal which accounts exist
 * @param watch for traces
 */
export function createPasswords(
  importedWorks: () => HashWorks = () => ({}),
  watch: WatchQueue = unwatched,
): Passwords {
  const own = { argon2: ownWork }
  const run = <T>(name: 'hash' | 'verify', input: unknown, caller: PasswordCaller): Promise<T> =>
    watch(caller.kind, (onTurn) =>
      queues[caller.kind].run(caller, async () => {
        onTurn()
        return (await threadPool()).run(input, { name })
      }),
    )
  return {
    isCommon: isCommonPassword,
    isRenewable: (hash, password) =>
      !hash.startsWith(ownHashPrefix) && comparesWhole(hash, password),
    hash: (password, caller = service) => run('hash', password, caller),
    verify(password, hash, caller = service) {
      // An import brings no administrator.
      const works =
        caller.kind === 'user'
          ? withWork(importedWorks(), { scheme: 'argon2', work: ownWork })
          : own
      return run('verify', { password, hash, works }, caller)
    },
  }
}
