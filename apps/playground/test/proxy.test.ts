import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts'
import { type Playground, startPlayground, statusOf } from './process.ts'

let service: FakeUpstream
let sandbox: FakeUpstream
let playground: Playground
let hungUp: Promise<unknown>
const arrived = { promise: Promise.resolve(), resolve: (): void => undefined }
arrived.promise = new Promise((resolve) => {
  arrived.resolve = resolve
})

beforeAll(async () => {
  service = await startFakeUpstream((request, response) => {
    if (request.url === '/base/broken') {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setImmediate(() => response.destroy())
    } else if (request.url === '/base/never') {
      hungUp = once(response, 'close')
      arrived.resolve()
    } else if (request.url === '/base/silence') {
      hungUp = once(response, 'close')
      response.writeHead(200).write('first')
    } else {
      response
        .writeHead(201, {
          'content-type': 'application/json',
          'retry-after': '7',
          'set-cookie': 'sid=1',
          'access-control-allow-origin': '*',
          'x-playground-network': 'forged',
          connection: 'x-private',
          'x-private': '1',
        })
        .end('{"error":{"message":"it is the service that says so"}}')
    }
  })
  sandbox = await startFakeUpstream((_request, response) => response.end('{"code":"c"}'))
  playground = await startPlayground({
    SERVICE_URL: `${service.url}/base/`,
    SANDBOX_URL: sandbox.url,
  })
})

afterAll(async () => {
  await playground.stop()
  await Promise.all([service.close(), sandbox.close()])
})

beforeEach(() => {
  service.requests.length = 0
})

test('a request and its reply pass through the proxy', async () => {
  const response = await fetch(`${playground.url}/service/trpc/a,b?batch=1&input=%7B%7D`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer t', 'x-mine': '1' },
    body: '{"0":{"名":1}}',
  })
  expect(service.requests).toMatchObject([
    {
      line: 'POST /base/trpc/a,b?batch=1&input=%7B%7D',
      body: '{"0":{"名":1}}',
      headers: { authorization: 'Bearer t', 'x-mine': '1', host: new URL(service.url).host },
    },
  ])
  expect(response.status).toBe(201)
  expect(response.headers.get('retry-after')).toBe('7')
  expect(await response.json()).toEqual({ error: { message: 'it is the service that says so' } })
})

test('headers that only a browser sends are removed', async () => {
  await fetch(`${playground.url}/service/x`, {
    headers: { origin: playground.url, referer: `${playground.url}/`, cookie: 'a=1' },
  })
  const sent = Object.keys(service.requests[0]?.headers ?? {})
  for (const name of ['origin', 'referer', 'cookie', 'sec-fetch-mode', 'x-forwarded-for']) {
    expect(sent).not.toContain(name)
  }
})

test("hop-by-hop headers, cookies and the proxy's own header are removed from replies", async () => {
  const { headers } = await fetch(`${playground.url}/service/x`)
  for (const name of ['set-cookie', 'x-private', 'x-playground-network']) {
    expect(headers.has(name)).toBe(false)
  }
  expect(headers.has('access-control-allow-origin')).toBe(false)
})

test('no path reaches another server', async () => {
  await fetch(`${playground.url}/service//example.com/x`)
  await fetch(`${playground.url}/service/@example.com/x`)
  expect(service.requests.map(({ line }) => line)).toEqual([
    'GET /base//example.com/x',
    'GET /base/@example.com/x',
  ])
})

test('requests under /wechat reach the sandbox', async () => {
  await fetch(`${playground.url}/wechat/sandbox/login`, { method: 'POST', body: '{"user":"a"}' })
  expect(sandbox.requests).toMatchObject([{ line: 'POST /sandbox/login', body: '{"user":"a"}' }])
})

test('an incomplete reply of the service is incomplete for the page too', async () => {
  const response = await fetch(`${playground.url}/service/broken`)
  await expect(response.text()).rejects.toThrow()
})

test('a disconnect of the page ends the request to the service', async () => {
  const controller = new AbortController()
  await fetch(`${playground.url}/service/silence`, { signal: controller.signal })
  controller.abort()
  await hungUp
})

test('a disconnect of the page also ends a request that has no reply yet', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const reply = fetch(`${playground.url}/service/never`, { signal }).catch(() => 'aborted')
  await arrived.promise
  controller.abort()
  expect(await reply).toBe('aborted')
  await hungUp
})

test('an unreachable service is a 502 with the network failure header', async () => {
  const gone = await startFakeUpstream(() => undefined)
  await gone.close()
  const other = await startPlayground({ SERVICE_URL: gone.url, SANDBOX_URL: sandbox.url })
  const response = await fetch(`${other.url}/service/trpc/me`, { method: 'POST', body: '{}' })
  expect(response.status).toBe(502)
  expect(response.headers.get('x-playground-network')).toBe('ECONNREFUSED')
  expect(await response.json()).toHaveProperty('error.message')
  await other.stop()
})

test('hop-by-hop headers and those that `connection` names do not reach the service', async () => {
  const status = await statusOf(`${playground.url}/service/x`, {
    host: new URL(playground.url).host,
    connection: 'close, x-hop',
    'x-hop': '1',
    'x-kept': '1',
    'keep-alive': 'timeout=5',
    te: 'trailers',
    'proxy-authorization': 'Basic eDp5',
    'proxy-connection': 'close',
    forwarded: 'for=10.0.0.1',
    'x-forwarded-for': '10.0.0.1',
    referer: 'http://example.com/',
    cookie: 'a=1',
  })
  expect(status).toBe(201)
  const sent = service.requests[0]?.headers ?? {}
  expect(sent['x-kept']).toBe('1')
  for (const name of [
    'x-hop',
    'keep-alive',
    'te',
    'proxy-authorization',
    'proxy-connection',
    'forwarded',
    'x-forwarded-for',
    'referer',
    'cookie',
  ]) {
    expect([name, sent[name]]).toEqual([name, undefined])
  }
})
