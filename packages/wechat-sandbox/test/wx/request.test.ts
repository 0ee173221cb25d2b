import type { ServerResponse } from 'node:http'
import { expect, test, vi } from 'vitest'
import {
  type ApiFailure,
  createWx,
  type RequestOptions,
  type RequestResult,
} from '../../src/wx/index.ts'
import { type Echo, serve, serveEcho } from '../echo-server.ts'
import { appId } from '../sandbox-server.ts'

const phone = (options = {}) =>
  createWx({ appId, user: 'ann', sandboxUrl: 'http://127.0.0.1:9', ...options })

function requested<T = unknown>(wx = phone()) {
  return (options: RequestOptions<T>): Promise<RequestResult<T>> =>
    new Promise((success, fail) => wx.request<T>({ ...options, success, fail }))
}

test('a request has the method, body and headers that WeChat sends', async () => {
  const url = await serveEcho()
  const { data } = await requested<Echo>()({
    url: `${url}/trpc/me`,
    method: 'POST',
    data: { a: '小明' },
    header: { Authorization: 'Bearer t', Referer: 'http://mine' },
  })
  expect(data).toMatchObject({ method: 'POST', url: '/trpc/me', body: '{"a":"小明"}' })
  expect(data.headers).toMatchObject({
    authorization: 'Bearer t',
    'content-type': 'application/json',
    referer: `https://servicewechat.com/${appId}/0/page-frame.html`,
  })
})

test.each([200, 404, 500])('the HTTP status %i is a success', async (status) => {
  const url = await serve((_, response) => response.writeHead(status).end('{"a":1}'))
  const complete = vi.fn()
  const reply = await requested()({ url, complete })
  expect(reply).toMatchObject({ statusCode: status, data: { a: 1 }, errMsg: 'request:ok' })
  expect(complete).toHaveBeenCalledExactlyOnceWith(reply)
})

test('JSON is parsed where it is valid and dataType asks for it', async () => {
  const url = await serve((request, response) =>
    response.end(request.url === '/json' ? '[1]' : 'no json'),
  )
  const request = requested()
  expect((await request({ url: `${url}/json` })).data).toEqual([1])
  expect((await request({ url: `${url}/json`, dataType: 'text' })).data).toBe('[1]')
  expect((await request({ url: `${url}/text` })).data).toBe('no json')
  const bytes = await request({ url: `${url}/json`, responseType: 'arraybuffer' })
  expect(new TextDecoder().decode(bytes.data as ArrayBuffer)).toBe('[1]')
})

test('header names are capitalized, and cookies are returned but not stored', async () => {
  const seen: (string | undefined)[] = []
  const url = await serve((request, response) => {
    seen.push(request.headers.cookie)
    response.setHeader('set-cookie', ['sid=1; Path=/', 'b=2']).setHeader('x-trace', 't').end()
  })
  const request = requested()
  const reply = await request({ url })
  expect(reply.header).toMatchObject({ 'X-Trace': 't', 'Set-Cookie': 'sid=1; Path=/,b=2' })
  expect(reply.cookies).toEqual(['sid=1; Path=/', 'b=2'])
  await request({ url })
  await request({ url, header: { Cookie: 'sid=1' } })
  expect(seen).toEqual([undefined, undefined, 'sid=1'])
})

test('a request fails when the connection fails', async () => {
  const gone = await serve((request) => request.socket.destroy())
  await expect(requested()({ url: gone })).rejects.toEqual({
    errMsg: expect.stringMatching(/^request:fail ./),
    errno: 600001,
  })
  const refused: typeof globalThis.fetch = async () => {
    throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })
  }
  await expect(requested(phone({ fetch: refused }))({ url: gone })).rejects.toEqual({
    errMsg: 'request:fail ECONNREFUSED',
    errno: 600001,
  })
})

test('a bad URL and PATCH fail without sending anything', async () => {
  const fetch = vi.fn<typeof globalThis.fetch>()
  const request = requested(phone({ fetch }))
  await expect(request({ url: '/trpc' })).rejects.toEqual({
    errMsg: 'request:fail invalid url "/trpc"',
    errno: 600009,
  })
  await expect(request({ url: 'http://x.test', method: 'PATCH' })).rejects.toMatchObject({
    errMsg: 'request:fail invalid method "PATCH"',
  })
  expect(fetch).not.toHaveBeenCalled()
})

test('abort ends the request with one failure and closes the connection', async () => {
  const gone = deferred<void>()
  const arrived = deferred<void>()
  const url = await serve((request) => {
    arrived.resolve()
    request.on('close', () => gone.resolve())
  })
  const complete = vi.fn()
  const failed = deferred<ApiFailure>()
  const task = phone().request({ url, fail: failed.resolve, complete })
  await arrived.promise
  task.abort()
  expect(complete).not.toHaveBeenCalled()
  expect(await failed.promise).toMatchObject({ errMsg: 'request:fail abort' })
  await gone.promise
  task.abort()
  expect(complete).toHaveBeenCalledTimes(1)
})

test('a request fails after its timeout', async () => {
  const url = await serve(() => {})
  await expect(requested()({ url, timeout: 30 })).rejects.toEqual({
    errMsg: 'request:fail timeout',
    errno: 5,
  })
})

test('the default timeout of a request is 60 seconds, also for a timeout of 0', async () => {
  vi.useFakeTimers()
  try {
    const fetch: typeof globalThis.fetch = () => new Promise(() => {})
    const fail = vi.fn()
    phone({ fetch }).request({ url: 'http://x.test', fail })
    phone({ fetch }).request({ url: 'http://x.test', timeout: 0, fail })
    await vi.advanceTimersByTimeAsync(59_999)
    expect(fail).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    const timeout = [{ errMsg: 'request:fail timeout', errno: 5 }]
    expect(fail.mock.calls).toEqual([timeout, timeout])
  } finally {
    vi.useRealTimers()
  }
})

test('ten requests run at the same time; the eleventh starts when one has ended', async () => {
  const held: ServerResponse[] = []
  const tenth = deferred<void>()
  const url = await serve((_, response) => {
    held.push(response)
    if (held.length === 10) tenth.resolve()
  })
  const request = requested()
  const replies = Array.from({ length: 12 }, () => request({ url }))
  await tenth.promise
  await new Promise((resolve) => setImmediate(resolve))
  expect(held).toHaveLength(10)
  held[0]?.end()
  await expect.poll(() => held.length).toBe(11)
  for (const response of held.slice(1)) response.end()
  await expect.poll(() => held.length).toBe(12)
  held[11]?.end()
  expect((await Promise.all(replies)).map(({ statusCode }) => statusCode)).toEqual(
    Array.from({ length: 12 }, () => 200),
  )
})

test('onHeadersReceived is called before the body has arrived', async () => {
  const url = await serve((_, response) => void response.writeHead(201, { 'x-a': '1' }).write('{'))
  const head = deferred<{ statusCode: number }>()
  const task = phone().request({ url, fail: () => {} })
  task.onHeadersReceived(head.resolve)
  expect(await head.promise).toMatchObject({ statusCode: 201, header: { 'X-A': '1' } })
  task.abort()
})

function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

test('an aborted request fails with 600003', async () => {
  const fetch: typeof globalThis.fetch = () => new Promise(() => {})
  const failed = deferred<ApiFailure>()
  phone({ fetch }).request({ url: 'http://x.test', fail: failed.resolve }).abort()
  expect(await failed.promise).toEqual({ errMsg: 'request:fail abort', errno: 600003 })
})

test('offHeadersReceived removes one listener, or all', async () => {
  const url = await serve((_, response) => response.end('{}'))
  const done = deferred<unknown>()
  const [first, second] = [vi.fn(), vi.fn()]
  const task = phone().request({ url, complete: done.resolve })
  task.onHeadersReceived(first)
  task.onHeadersReceived(second)
  task.offHeadersReceived(first)
  await done.promise
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1])
})
