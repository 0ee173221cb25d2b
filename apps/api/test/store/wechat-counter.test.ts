import { expect, it, onTestFinished, vi } from 'vitest'
import { createWechatCounter } from '../../src/store/sqlite/index.ts'
import { openTestDatabase } from '../database.ts'

const now = Date.UTC(2026, 0, 2)
const answer = { appId: 'wx1', path: '/sns/jscode2session', errcode: 0 }

function open() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { database } = openTestDatabase()
  const errors: unknown[] = []
  const onError = (error: unknown): void => void errors.push(error)
  const counter = createWechatCounter(database, { now: () => now, onError })
  const rows = () =>
    database.sqlite
      .prepare(
        'select app_id, api, errcode, count, sum_ms, max_ms from wechat_counts order by errcode',
      )
      .raw()
      .all()
  return { ...counter, database, errors, rows }
}

it('answers that are counted together are summed, with the longest of their durations', () => {
  const { add, flush, rows } = open()
  for (const durationMs of [10.4, 30.6, 20]) add({ ...answer, durationMs })
  add({ ...answer, errcode: null, durationMs: 5 })
  add({ ...answer, errcode: 40029, durationMs: 7 })
  expect(rows()).toEqual([])
  flush()
  expect(rows()).toEqual([
    ['wx1', '/sns/jscode2session', '', 1, 5, 5],
    ['wx1', '/sns/jscode2session', '0', 3, 61, 31],
    ['wx1', '/sns/jscode2session', '40029', 1, 7, 7],
  ])
})

it('counts are written after 3 s, once, and added to those that are written', async () => {
  const { add, database, rows } = open()
  add({ ...answer, durationMs: 30 })
  vi.advanceTimersByTime(2_999)
  database.flush()
  expect(rows()).toEqual([])
  add({ ...answer, durationMs: 10 })
  vi.advanceTimersByTime(1)
  database.flush()
  expect(rows()).toEqual([['wx1', '/sns/jscode2session', '0', 2, 40, 30]])
  add({ ...answer, durationMs: 20 })
  vi.advanceTimersByTime(3_000)
  database.flush()
  expect(rows()).toEqual([['wx1', '/sns/jscode2session', '0', 3, 60, 30]])
  expect(vi.getTimerCount()).toBe(0)
})

it('what cannot be written is reported, and closing does not throw', () => {
  const { add, flush, database, errors } = open()
  add({ ...answer, durationMs: 1 })
  database.sqlite.exec('drop table wechat_counts')
  flush()
  expect(errors).toMatchObject([{ message: 'no such table: wechat_counts' }])
  flush()
  expect(errors).toHaveLength(1)
})
