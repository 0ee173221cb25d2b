import { describe, expect, test } from 'vitest'
import { ask, type Sent, type Settings, startPair } from './pair.ts'
import { requests } from './requests.ts'

const services: Readonly<Record<string, Settings>> = {
  'a plain service': {},
  'a service with a transformer': { transformer: true },
  'a service that formats its errors': { formatter: 'adds', context: 'slow' },
  'a service that limits batches': { options: { maxBatchSize: 2 } },
  'a service without batches': { options: { allowBatching: false }, meta: {} },
  'a service that reads by POST too': { options: { allowMethodOverride: true } },
  'a service with another separator': { pathSeparator: '~' },
  'a service without context': { context: 'none' },
  'a service whose context fails': { context: 'throws' },
  'a service whose context fails later': { context: 'rejects', meta: { status: 202 } },
  'a service with headers of its own': {
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
  'a service with a status that is none': { meta: { status: 99 } },
  'a service whose responseMeta fails': { meta: 'throws' },
  'a service whose onError fails': { onError: 'throws' },
  'a service whose formatter hides everything': { formatter: 'strips' },
  'a service whose formatter fails': { formatter: 'throws' },
  'a service whose formatter gives nothing': { formatter: 'returns nothing' },
  'a service whose formatter gives an odd status': { formatter: 'odd status' },
}

/** The requests that reach a service's odd settings; every setting would meet all the others alike. */
const some = ['good queries', 'good mutations', 'good batches', 'calls that fail', 'wrong methods']

let direct = 0

describe.each(Object.entries(services))('%s', (name, settings) => {
  const whole = name === 'a plain service' || name === 'a service with a transformer'
  const kinds = whole ? Object.keys(requests) : some
  test.each(kinds)('%s are answered as by the official adapter', async (kind) => {
    const { official, ours } = await startPair(settings)
    try {
      for (const sent of requests[kind] ?? []) await compare(official, ours, sent)
    } finally {
      await Promise.all([official.close(), ours.close()])
    }
  })
})

test('most of these requests are answered directly', () => {
  expect(direct).toBeGreaterThan(1_000)
})

type Pair = Awaited<ReturnType<typeof startPair>>

async function compare(official: Pair['official'], ours: Pair['ours'], sent: Sent): Promise<void> {
  official.told.length = 0
  ours.told.length = 0
  const expected = await ask(official, sent)
  const actual = await ask(ours, sent)
  const what = `${sent.method ?? 'GET'} ${sent.path.slice(0, 200)} ${JSON.stringify(sent.headers)}`
  const { framing, ...reply } = actual
  const { framing: theirs, ...theirReply } = expected
  expect({ what, reply, told: ours.told }).toEqual({
    what,
    reply: theirReply,
    told: official.told,
  })
  // The official adapter streams whatever it sends; only what is answered directly has a length here.
  if (framing === 'length' && theirs === 'chunks') direct++
  else expect(framing).toBe(theirs)
}
