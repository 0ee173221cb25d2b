import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Server, sendRequest, startPair, type TestRequest, withAllow } from './adapter-pair.ts'

/** Pseudo-random numbers, the same in every run (Park and Miller, 1988). */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

const names = [
  ...['hello', 'who', 'echo', 'raw', 'add', 'save', 'clear', 'refuse', 'crash', 'leaky', 'peek'],
  ...['formatted', 'around', 'otherInput', 'promised', 'missing', 'nested.deep.deeper', 'date'],
  ...['%68ello', '%2568ello', '__proto__', '', '%', 'a%2Cb', 'checkedBehind', 'slowCheck'],
]
const values = [
  ...[
    '{"a":1}',
    '{"a":"x"}',
    '{"0":{"a":1},"1":{"a":2}}',
    '{"0":"x"}',
    '[1,2]',
    'null',
    '1',
    '"x"',
  ],
  ...['{', '', '{"__proto__":{"a":1}}', '{"0":null,"1":false}', '{"name":"ann"}', '"%E6%BC%A2"'],
  ...['{"tagged":{"json":{"a":1}}}', '{"0":{"tagged":{"json":"x"}}}', '%', '%22%ff%22', '1e999'],
]
const extras = [
  'batch=1',
  'batch=1',
  'batch',
  'batch=2',
  'x=y',
  '',
  'connectionParams={}',
  '%',
  '+',
]
const types = [
  ...['application/json', 'application/json', 'application/json;charset=utf-8', 'text/plain'],
  ...['APPLICATION/JSON', 'application/json ; a="b"', 'application/octet-stream', undefined],
]
const methods = ['GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'HEAD']

function randomRequest(below: (limit: number) => number): TestRequest {
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const path = Array.from({ length: 1 + below(3) }, () => one(names)).join(',')
  const query = Array.from({ length: below(4) }, () =>
    below(2) === 0 ? `input=${one(values)}` : one(extras),
  )
  const method = one(methods)
  const type = one(types)
  return {
    method,
    path: `/trpc/${path}?${query.join('&')}`,
    headers: { ...((method !== 'GET' || below(8) === 0) && type && { 'content-type': type }) },
    ...(method !== 'GET' && method !== 'HEAD' && { body: one(values) }),
  }
}

/** The calls of a batch run concurrently, so the order of their errors is not defined. */
function inAnyOrder(events: readonly unknown[]): string[] {
  return events.map((each) => JSON.stringify(each)).sort()
}

describe.each([{}, { transformer: true, formatter: 'adds' as const, meta: {} }])(
  'a service with %o',
  (settings) => {
    let official: Server
    let direct: Server
    beforeAll(async () => {
      const pair = await startPair(settings)
      official = pair.official
      direct = pair.direct
    })
    afterAll(() => Promise.all([official.close(), direct.close()]))

    test('random requests get the same replies as from the official adapter', async () => {
      const below = seeded(11)
      let directCount = 0
      for (let round = 0; round < 400; round++) {
        const sent = randomRequest(below)
        const { framing: officialFraming, ...expected } = withAllow(
          await sendRequest(official, sent),
        )
        const { framing, ...actual } = await sendRequest(direct, sent)
        if (framing === 'length' && officialFraming === 'chunks') directCount++
        const events = inAnyOrder(direct.events.splice(0))
        const officialEvents = inAnyOrder(official.events.splice(0))
        expect({ sent, ...actual, events }).toEqual({ sent, ...expected, events: officialEvents })
      }
      expect(directCount).toBeGreaterThan(150)
    })
  },
)
