import { expect, it } from 'vitest'
import { createTraffic } from '../src/slow/traffic.ts'

const call = {
  ...{ node: 'node1', path: 'me', input: undefined, callId: null, accessToken: null },
  ...{ at: 0, arrivedAt: 0 },
}

it('is held when no call is in flight, and lets nothing through until it is released', async () => {
  const traffic = createTraffic()
  const happened: string[] = []
  await traffic.admitted()
  const first = traffic.begin(call)
  const held = traffic.hold().then(() => happened.push('held'))
  const second = traffic.admitted().then(() => happened.push('admitted'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(happened).toEqual([])
  traffic.end(first, { data: {} })
  await held
  expect(happened).toEqual(['held'])
  expect(traffic.takeEnded()).toMatchObject([{ path: 'me', result: { data: {} } }])
  traffic.release()
  await second
  expect(happened).toEqual(['held', 'admitted'])
  expect(traffic.takeEnded()).toEqual([])
})

it('counts a call without a reply as one that may still take effect', () => {
  const traffic = createTraffic()
  traffic.end(traffic.begin(call), null)
  expect(traffic.takeEnded()[0]?.endedAt).toBe(Number.POSITIVE_INFINITY)
})
