import { describe, expect, it } from 'vitest'
import { createTestService, reasonOf } from '../../testing/index.ts'
import { Failure } from '../failure.ts'
import type { LimitedUse, LimitStore } from './limit-store.ts'
import { createNetworkCalls, createRefusalLimit } from './refusal-limit.ts'
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

describe('several processes over one store', () => {
  const refuse = () => Promise.reject(new Failure('code_rejected'))

  /** Processes with a limit of 60 refusals a minute, of which each counts in the store. */
  function startProcesses(count: number, change: Partial<LimitStore> = {}) {
    const { ports, clock } = createTestService()
    const limits = { ...ports.limits, isShared: true, ...change }
    const options = { name: 'refused code from network', isRefusal: () => true } as const
    const processes = Array.from({ length: count }, () =>
      createRefusalLimit({ ...ports, limits }, options),
    )
    /** Refused calls of one network, at each process in turn. Returns how many reached WeChat. */
    const refused = async (network: string, calls: number): Promise<number> => {
      let asked = 0
      for (let call = 0; call < calls; call += 1)
        await reasonOf(
          (processes[call % count] ?? refuse)(network, () => {
            asked += 1
            return refuse()
          }),
        )
      return asked
    }
    return { processes, refused, clock }
  }

  it('refuse a network together as often as one process does, and once more each', async () => {
    const { refused } = startProcesses(4)
    const asked = await refused('203.0.113.7', 400)
    expect(asked).toBeGreaterThanOrEqual(60)
    expect(asked).toBeLessThanOrEqual(64)
    expect(await refused('203.0.113.8', 4)).toBe(4)
  })

  it('count a /48 together too', async () => {
    const { refused } = startProcesses(2)
    let asked = 0
    for (let network = 0; network < 40; network += 1)
      asked += await refused(`2001:db8:7:${network.toString(16)}::/64`, 40)
    expect(asked).toBeGreaterThanOrEqual(600)
    expect(asked).toBeLessThanOrEqual(602)
  })

  it('forget it when the window ends', async () => {
    const { refused, clock } = startProcesses(2)
    await refused('203.0.113.7', 200)
    clock.advance(60_000)
    expect(await refused('203.0.113.7', 10)).toBe(10)
  })

  it('answer as WeChat did while the store is away', async () => {
    const away = async () => {
      throw new Failure('overloaded')
    }
    const { processes } = startProcesses(1, { spend: away })
    expect(await reasonOf(processes[0]?.('203.0.113.7', refuse) ?? refuse())).toBe('code_rejected')
  })

  it('write nothing for what is not refused, and nothing where each has a store of its own', async () => {
    let written = 0
    const spend = async () => {
      written += 1
      return null
    }
    const shared = startProcesses(1, { spend })
    await shared.processes[0]?.('203.0.113.7', async () => 'fine')
    expect(written).toBe(0)
    const alone = startProcesses(1, { spend, isShared: false })
    expect(await alone.refused('203.0.113.7', 100)).toBe(60)
    expect(written).toBe(0)
  })
})
