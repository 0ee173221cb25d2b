import { expect, it } from 'vitest'
import { createQueue } from './queue.ts'

/** Work that ends when it is told to. */
function held() {
  const ends: (() => void)[] = []
  let running = 0
  let most = 0
  return {
    work: async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise<void>((resolve) => ends.push(resolve))
      running -= 1
    },
    end: () => ends.shift()?.(),
    most: () => most,
    started: () => ends.length,
  }
}

it('runs no more at once than it may, in the order they came', async () => {
  const queue = createQueue({ atOnce: 2, waiting: 10 })
  const { work, end, most } = held()
  const done: number[] = []
  const all = Promise.all([0, 1, 2, 3, 4].map((n) => queue.run(work).then(() => done.push(n))))
  for (let i = 0; i < 5; i++) {
    end()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await all
  expect(most()).toBe(2)
  expect(done).toEqual([0, 1, 2, 3, 4])
})

it('refuses at once what it cannot hold, and takes more when there is room', async () => {
  const queue = createQueue({ atOnce: 1, waiting: 1 })
  const { work, end } = held()
  const first = queue.run(work)
  const second = queue.run(async () => 'second')
  await expect(queue.run(work)).rejects.toMatchObject({ reason: 'overloaded', retryAfter: 2 })
  end()
  await first
  expect(await second).toBe('second')
  expect(await queue.run(async () => 'third')).toBe('third')
})

it('hands the turn on when work throws', async () => {
  const queue = createQueue({ atOnce: 1, waiting: 1 })
  const failing = queue.run(() => Promise.reject(new Error('no')))
  const next = queue.run(async () => 'next')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('next')
})
