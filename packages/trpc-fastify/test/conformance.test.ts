import { describe, expect, test } from 'vitest'
import {
  type ServiceSettings,
  sendRequest,
  startPair,
  type TestRequest,
  withAllow,
} from './adapter-pair.ts'
import { requests } from './sample-requests.ts'

const services: Readonly<Record<string, ServiceSettings>> = {
  'a plain service': {},
  'a service with a transformer': { transformer: true },
  'a service that formats its errors': { formatter: 'adds', context: 'slow' },
  'a service that limits batches': { options: { maxBatchSize: 2 } },
  'a service without batches by the older option': { options: { batching: { enabled: false } } },
  'a service without batches': { options: { allowBatching: false }, meta: {} },
  'a service that accepts queries by POST': { options: { allowMethodOverride: true } },
  'a service with another separator': { pathSeparator: '~' },
  'a service without context': { context: 'none' },
  'a service whose context throws': { context: 'throws' },
  'a service whose context rejects': { context: 'rejects', meta: { status: 202 } },
  'a service with its own headers': {
    meta: { headers: { 'x-one': 'a', 'x-two': ['b', 'c'], vary: 'origin', 'content-type': 'x/y' } },
  },
  'a service with a Headers object': {
    meta: {
      headers: new Headers([
        ['x-one', 'a'],
        ['set-cookie', 'b'],
        ['set-cookie', 'c'],
      ]),
    },
  },
  'a service with a status that has no body': { meta: { status: 204 } },
  'a service with an invalid status': { meta: { status: 99 } },
  'a service whose responseMeta throws': { meta: 'throws' },
  'a service whose onError throws': { onError: 'throws' },
  'a service whose formatter hides everything': { formatter: 'strips' },
  'a service whose formatter throws': { formatter: 'throws' },
  'a service whose formatter returns nothing': { formatter: 'returns nothing' },
  'a service whose formatter returns an unusual status': { formatter: 'odd status' },
}

/** The requests on which a service's settings have an influence. */
const some = ['good queries', 'good mutations', 'good batches', 'calls that fail', 'wrong methods']

let directCount = 0

describe.each(Object.entries(services))('%s', (name, settings) => {
  const whole = name === 'a plain service' || name === 'a service with a transformer'
  const kinds = whole ? Object.keys(requests) : some
  test.each(kinds)('%s get the same replies as from the official adapter', async (kind) => {
    const { official, direct } = await startPair(settings)
    try {
      for (const sent of requests[kind] ?? []) await compare(official, direct, sent)
    } finally {
      await Promise.all([official.close(), direct.close()])
    }
  })
})

test('most of these requests are not passed to the official handler', () => {
  expect(directCount).toBeGreaterThan(1_000)
})

type Pair = Awaited<ReturnType<typeof startPair>>

async function compare(
  official: Pair['official'],
  direct: Pair['direct'],
  sent: TestRequest,
): Promise<void> {
  official.events.length = 0
  direct.events.length = 0
  const expected = withAllow(await sendRequest(official, sent))
  const actual = await sendRequest(direct, sent)
  const what = `${sent.method ?? 'GET'} ${sent.path.slice(0, 200)} ${JSON.stringify(sent.headers)}`
  const { framing, ...reply } = actual
  const { framing: officialFraming, ...officialReply } = expected
  expect({ what, reply, events: direct.events }).toEqual({
    what,
    reply: officialReply,
    events: official.events,
  })
  // The official adapter sends chunks. Only a reply that trpcFastify sends itself has a length.
  if (framing === 'length' && officialFraming === 'chunks') directCount++
  else expect(framing).toBe(officialFraming)
}
