import type { SummingAuditLog } from '@mianmi/core'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type AuditHead, startAuditUpkeep } from './upkeep.ts'

const hour = 3_600_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start(head: AuditHead | null = { id: 7, mac: 'mac' }) {
  const calls: string[] = []
  const audit = {
    writeSums: (now: number) => void calls.push(`sums ${now - startedAt}`),
    close: () => void calls.push('close'),
  } as unknown as SummingAuditLog
  const store = {
    head: async () => head,
    takeInbox: async () => void calls.push('inbox'),
  }
  const startedAt = Date.now()
  const heads: (AuditHead & { after: number })[] = []
  const onHead = (logged: AuditHead): void =>
    void heads.push({ ...logged, after: Date.now() - startedAt })
  const onError = (error: unknown): void => {
    throw error
  }
  const end = startAuditUpkeep({ audit, store, now: Date.now, onHead, onError })
  return { calls, heads, end }
}

it('takes what commands have left at once, and every five seconds with the sums', () => {
  const { calls, end } = start()
  expect(calls).toEqual(['inbox'])
  vi.advanceTimersByTime(10_000)
  expect(calls.slice(1)).toEqual(['sums 5000', 'inbox', 'sums 10000', 'inbox'])
  end()
  vi.advanceTimersByTime(10_000)
  expect(calls.slice(5)).toEqual(['close'])
})

it('logs the newest line of the log once a day, and again where the clock was set back', async () => {
  const { heads, end } = start()
  await vi.advanceTimersByTimeAsync(24 * hour)
  expect(heads).toEqual([{ id: 7, mac: 'mac', after: 5_000 }])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(heads.map(({ after }) => after)).toEqual([5_000, 24 * hour + 5_000])
  vi.setSystemTime(Date.now() - 48 * hour)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(heads).toHaveLength(3)
  end()
})

it('logs nothing while there is no line', async () => {
  const { heads, end } = start(null)
  await vi.advanceTimersByTimeAsync(25 * hour)
  expect(heads).toEqual([])
  end()
})
