import { createSession } from '../../src/index.ts'
import { settle } from '../fixtures/fake-platform.ts'
import { createSessionWithTasks, settleTasks } from './task-promise.ts'

/** mulberry32: a small generator of numbers in [0, 1); the same seed gives the same numbers. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** How promises behave in the session under test. */
export interface Promises {
  create: typeof createSession
  settle(): Promise<void>
}

/** The orders in which reactions of promises run, on new phones and on old ones. */
export const promiseOrders: [string, () => Promise<Promises>][] = [
  ['microtasks', async () => ({ create: createSession, settle })],
  [
    'tasks, as on iOS up to 15,',
    async () => ({ create: await createSessionWithTasks(), settle: settleTasks }),
  ],
]
