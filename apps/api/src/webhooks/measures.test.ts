import { expect, it, vi } from 'vitest'
import { createWebhookMeasures } from './measures.ts'

const counted = { pending: 2, oldestAt: 1_000, dead: 1, waiting: 1, unreadable: 0 }

function measuresOf(counts: () => Promise<typeof counted>) {
  const clock = { now: 5_000 }
  const store = { counts: vi.fn(counts) }
  return { ...createWebhookMeasures(store, () => clock.now), store, clock }
}

it('counts are read again when they are older than ten seconds', async () => {
  const { read, store, clock } = measuresOf(async () => counted)
  expect(await read()).toMatchObject({ pending: 2, dead: 1, oldestAgeMs: 4_000 })
  clock.now += 10_000
  expect(await read()).toMatchObject({ oldestAgeMs: 14_000 })
  expect(store.counts).toHaveBeenCalledTimes(1)
  clock.now += 1
  await read()
  expect(store.counts).toHaveBeenCalledTimes(2)
})

it('readers at the same time share one count', async () => {
  const { read, store } = measuresOf(async () => counted)
  await Promise.all([read(), read()])
  expect(store.counts).toHaveBeenCalledTimes(1)
})

it('the counts before are shown while the database fails, or does not answer', async () => {
  let answer = async () => counted
  const { read, clock } = measuresOf(() => answer())
  await read()
  answer = () => Promise.reject(new Error('away'))
  clock.now += 20_000
  expect(await read()).toMatchObject({ pending: 2 })
  answer = () => new Promise(() => {})
  expect(await read()).toMatchObject({ pending: 2 })
})

it('attempts are counted by outcome', async () => {
  const { read, count } = measuresOf(async () => counted)
  for (const outcome of ['delivered', 'timeout', 'delivered'] as const) count(outcome)
  const { attempts } = await read()
  expect(Object.fromEntries(attempts)).toEqual({ delivered: 2, timeout: 1 })
})
