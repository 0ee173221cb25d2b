import { expect, test } from 'vitest'
import { createCallLog } from './call-log.ts'

const call = {
  at: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  method: 'GET',
  path: '/sns/jscode2session',
  appId: null,
  code: null,
  errcode: 0,
  fault: null,
}

test('the last 500 calls are kept, and numbering continues after clear', () => {
  const log = createCallLog()
  for (let count = 0; count < 501; count += 1) log.add(call)
  const seqs = log.since(0).map(({ seq }) => seq)
  expect([seqs.length, seqs[0], seqs.at(-1)]).toEqual([500, 2, 501])
  log.clear()
  expect(log.since(0)).toEqual([])
  log.add(call)
  expect(log.since(0)).toEqual([{ seq: 502, ...call }])
})

test('since returns the calls after a sequence number', () => {
  const log = createCallLog()
  for (let count = 0; count < 3; count += 1) log.add(call)
  expect(log.since(1).map(({ seq }) => seq)).toEqual([2, 3])
  expect(log.since(3)).toEqual([])
})
