import { expect, it } from 'vitest'
import { createCommitScheduler } from './commit-scheduler.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** Counts commits, by a clock of its own: the machine's may stand still or jump. */
function start() {
  const t = { at: 0, commits: 0 }
  const { soon, later, retry } = createCommitScheduler(
    () => {
      t.commits += 1
    },
    () => t.at,
  )
  return Object.assign(t, { soon, later, retry })
}

it('a write is committed when a turn has brought no other', async () => {
  const t = start()
  t.soon()
  await nextTurn()
  expect(t.commits).toBe(0)
  await nextTurn()
  expect(t.commits).toBe(1)
})

it('writes that follow each other turn by turn share a commit', async () => {
  const t = start()
  for (let turn = 0; turn < 100; turn++) {
    t.soon()
    await nextTurn()
  }
  expect(t.commits).toBe(0)
  await nextTurn()
  expect(t.commits).toBe(1)
})

it('writes that never stop wait 25 ms at most', async () => {
  const t = start()
  for (; t.at < 24; t.at += 1) {
    t.soon()
    await nextTurn()
  }
  expect(t.commits).toBe(0)
  t.at = 25
  t.soon()
  await nextTurn()
  expect(t.commits).toBe(1)
})

it('writes without a waiting caller delay no commit, and cause one by themselves', async () => {
  const t = start()
  t.soon()
  t.later()
  await nextTurn()
  t.later()
  await nextTurn()
  expect(t.commits).toBe(1)
  t.later()
  t.later()
  await expect.poll(() => t.commits).toBe(2)
  t.later()
  t.soon()
  await expect.poll(() => t.commits).toBe(3)
})

it('a failed commit is tried again, once for all writes in between', async () => {
  const t = start()
  t.retry()
  t.soon()
  t.later()
  await expect.poll(() => t.commits).toBe(1)
  await nextTurn()
  await nextTurn()
  expect(t.commits).toBe(1)
})
