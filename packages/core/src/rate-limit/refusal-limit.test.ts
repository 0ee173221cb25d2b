import { expect, it } from 'vitest'
import type { LimitedUse } from './limit-store.ts'
import { createNetworkCalls } from './refusal-limit.ts'
import { createRefusalWindows } from './refusal-windows.ts'

const now = 1_800_000_000_000
const use: LimitedUse = { key: 'network', limit: 2, windowMs: 60_000, now, unwritten: 0 }

it('a network is forgotten with the end of its last call, of those that waited too', async () => {
  const calls = createNetworkCalls({ now: () => now }, createRefusalWindows())
  const site: LimitedUse = { ...use, key: 'site', limit: 20 }
  expect(calls.enter([use, site])).toBeNull()
  expect(calls.enter([use, site])).toBeNull()
  const waiting = calls.enter([use, site])
  expect(calls.size()).toBe(2)
  for (const each of [use, site]) calls.leave(each)
  await waiting
  expect(calls.enter([use, site])).toBeNull()
  for (const each of [use, site, use, site]) calls.leave(each)
  expect(calls.size()).toBe(0)
})
