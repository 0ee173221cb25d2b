import { expect, test } from 'vitest'
import { type RequestHandler, reply, unusedPort } from './fake-wechat.ts'
import { appId, openClient, openClientAndServer, rejectionOf } from './test-client.ts'

const good = { openid: 'o1', session_key: 'k1' }
const answering: RequestHandler = (_request, response) => reply(response, good)

function clock() {
  let time = 1_790_000_000_000
  return {
    now: () => time,
    advance: (ms: number) => {
      time += ms
    },
  }
}

/** The default of `breaker.failures`. */
const failures = 8

const outages: [string, RequestHandler, number][] = [
  ['that closes connections', (_request, response) => response.destroy(), 10_000],
  ['that answers without end', (_request, response) => response.end('x'.repeat(100_000)), 10_000],
  ['that never answers', () => {}, 300],
]

test.each(outages)('a WeChat %s gets no ninth request', async (_name, handler, timeout) => {
  const { now } = clock()
  const { wechat, server } = await openClientAndServer(handler, { now, timeout })
  await Promise.all(
    Array.from({ length: failures }, (_, call) =>
      rejectionOf(wechat.code2Session(appId, `c${call}`)),
    ),
  )
  for (let call = 0; call < 500; call += 1) {
    const refused = await rejectionOf(wechat.code2Session(appId, 'c'))
    expect(refused).toMatchObject({ kind: 'unavailable', errcode: null, retryAfter: 1 })
  }
  expect(server.requests).toHaveLength(failures)
})

const answers: [string, RequestHandler][] = [
  ['with HTTP 502', (_request, response) => response.writeHead(502).end()],
  ['with HTML', (_request, response) => response.end('<html>')],
  ['with a redirect', (_request, response) => response.writeHead(302, { location: '/' }).end()],
  ['that it is busy', (_request, response) => reply(response, { errcode: -1 })],
  ['that the code is wrong', (_request, response) => reply(response, { errcode: 40029 })],
]

test.each(answers)('a WeChat that answers %s does not open the breaker', async (_name, handler) => {
  const { wechat, server } = await openClientAndServer(handler)
  for (let call = 0; call < 3 * failures; call += 1)
    await rejectionOf(wechat.code2Session(appId, 'c'))
  expect(server.requests).toHaveLength(3 * failures)
})

test('the first call after the pause probes WeChat', async () => {
  const { now, advance } = clock()
  const { wechat, server } = await openClientAndServer((_request, response) => response.destroy(), {
    now,
  })
  for (let call = 0; call <= failures; call += 1) await rejectionOf(wechat.code2Session(appId, 'c'))
  advance(1_000)
  await rejectionOf(wechat.code2Session(appId, 'c'))
  server.handler = answering
  expect(await rejectionOf(wechat.code2Session(appId, 'c'))).toMatchObject({ retryAfter: 2 })
  advance(2_000)
  expect(await wechat.code2Session(appId, 'c')).toMatchObject({ openid: 'o1' })
  expect(server.requests).toHaveLength(failures + 2)
})

test('after a long outage a recovered WeChat is called again 5 seconds after the last failed probe', async () => {
  const { now, advance } = clock()
  const { wechat, server } = await openClientAndServer((_request, response) => response.destroy(), {
    now,
  })
  for (let call = 0; call < failures; call += 1) await rejectionOf(wechat.code2Session(appId, 'c'))
  for (let probe = 0; probe < 10; probe += 1) {
    advance(60_000)
    await rejectionOf(wechat.code2Session(appId, 'c'))
  }
  server.handler = answering
  advance(4_999)
  expect(await rejectionOf(wechat.code2Session(appId, 'c'))).toMatchObject({ retryAfter: 1 })
  advance(1)
  expect(await wechat.code2Session(appId, 'c')).toMatchObject({ openid: 'o1' })
})

test('calls beyond maxConcurrent and maxQueued are refused at once and do not open the breaker', async () => {
  const held: (() => void)[] = []
  const { wechat, server } = await openClientAndServer(
    (_request, response) => void held.push(() => reply(response, good)),
    { maxConcurrent: 2, maxQueued: 3 },
  )
  const session = () => wechat.code2Session(appId, 'c')
  const running = [session(), session()]
  while (held.length < 2) await server.nextRequest()
  const waiting = [session(), session(), session()]
  for (let call = 0; call < 20; call += 1) {
    const refused = await rejectionOf(session())
    expect(refused).toMatchObject({ kind: 'unavailable', retryAfter: 1 })
  }
  server.handler = answering
  for (const answer of held) answer()
  const sessions = await Promise.all([...running, ...waiting])
  expect(sessions).toHaveLength(5)
  expect(server.requests).toHaveLength(5)
})

test('a call that waited longer than half of timeout is refused and not sent', async () => {
  const { now, advance } = clock()
  const held: (() => void)[] = []
  const { wechat, server } = await openClientAndServer(
    (_request, response) => void held.push(() => reply(response, good)),
    { now, timeout: 10_000, maxConcurrent: 1 },
  )
  const running = wechat.code2Session(appId, 'c1')
  while (held.length < 1) await server.nextRequest()
  const waiting = rejectionOf(wechat.code2Session(appId, 'c2'))
  advance(5_001)
  for (const answer of held) answer()
  expect(await running).toMatchObject({ openid: 'o1' })
  expect(await waiting).toMatchObject({ kind: 'unavailable', retryAfter: 1 })
  expect(server.requests).toHaveLength(1)
})

test('refused connections open the breaker', async () => {
  const wechat = openClient({ baseUrl: `http://127.0.0.1:${await unusedPort()}` })
  for (let call = 0; call < failures; call += 1) await rejectionOf(wechat.code2Session(appId, 'c'))
  expect(await rejectionOf(wechat.code2Session(appId, 'c'))).toMatchObject({ retryAfter: 1 })
})
