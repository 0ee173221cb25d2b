import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type Sent, type Server, startPair } from './pair.ts'

/** Numbers that look random and are the same in every run (Park and Miller, 1988). */
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

function randomRequest(below: (limit: number) => number): Sent {
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

/** The calls of a batch run side by side: which of them fails first is nobody's promise. */
function inAnyOrder(told: readonly unknown[]): string[] {
  return told.map((each) => JSON.stringify(each)).sort()
}

describe.each([{}, { transformer: true, formatter: 'adds' as const, meta: {} }])(
  'a service with %o',
  (settings) => {
    let official: Server
    let ours: Server
    beforeAll(async () => {
      const pair = await startPair(settings)
      official = pair.official
      ours = pair.ours
    })
    afterAll(() => Promise.all([official.close(), ours.close()]))

    test('requests put together at random are answered as by the official adapter', async () => {
      const below = seeded(11)
      let direct = 0
      for (let round = 0; round < 400; round++) {
        const sent = randomRequest(below)
        const { framing: theirs, ...expected } = await ask(official, sent)
        const { framing, ...actual } = await ask(ours, sent)
        if (framing === 'length' && theirs === 'chunks') direct++
        const told = inAnyOrder(ours.told.splice(0))
        const theirTold = inAnyOrder(official.told.splice(0))
        expect({ sent, ...actual, told }).toEqual({ sent, ...expected, told: theirTold })
      }
      expect(direct).toBeGreaterThan(150)
    })
  },
)
