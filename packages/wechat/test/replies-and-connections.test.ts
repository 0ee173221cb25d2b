import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { latch, type RequestHandler, reply, startSilentServer, unusedPort } from './fake-wechat.ts'
import { appId, openClient, openClientAndServer, rejectionOf } from './test-client.ts'

const good = { openid: 'o1', session_key: 'k1' }

test.each([
  ['an HTML page', '<html>502</html>'],
  ['nothing', ''],
  ['half a reply', '{"openid":"o1"'],
  ['deep nesting', '['.repeat(60_000)],
])('%s instead of JSON is unavailable', async (_name, text) => {
  const { wechat } = await openClientAndServer((_request, response) => response.end(text))
  const error = await rejectionOf(wechat.code2Session(appId, 'c'))
  expect(error.message).toBe('WeChat gave no usable answer (not JSON)')
})

test.each([201, 400, 404, 429, 500, 502])(
  'HTTP status %i is unavailable, whatever the body says',
  async (status) => {
    const { wechat, server } = await openClientAndServer((_request, response) =>
      response.writeHead(status).end(JSON.stringify({ ...good, errcode: 0 })),
    )
    const error = await rejectionOf(wechat.code2Session(appId, 'c'))
    expect(error).toMatchObject({ kind: 'unavailable', errcode: null })
    expect(error.message).toContain(`status ${status}`)
    expect(server.requests).toHaveLength(1)
  },
)

test.each([301, 302, 307, 308])('a redirect by %i is not followed', async (status) => {
  const other = await openClientAndServer((_request, response) => reply(response, good))
  const { wechat } = await openClientAndServer((_request, response) =>
    response.writeHead(status, { location: `${other.server.url}/elsewhere` }).end(),
  )
  expect(await rejectionOf(wechat.code2Session(appId, 'c'))).toMatchObject({ kind: 'unavailable' })
  expect(other.server.requests).toEqual([])
})

test('a reply of 5 MB is cut off at maxReplyBytes, and its connection is closed', async () => {
  let sent = 0
  const cut = latch()
  const { wechat } = await openClientAndServer((_request, response) => {
    response.on('close', () => cut.open())
    const chunk = Buffer.alloc(16 * 1024, ' ')
    const pour = () => {
      while (sent < 5 * 1024 * 1024 && !response.destroyed) {
        sent += chunk.length
        if (!response.write(chunk)) return response.once('drain', pour)
      }
      return response.end()
    }
    pour()
  })
  const error = await rejectionOf(wechat.code2Session(appId, 'c'))
  expect(error.message).toContain('UND_ERR_RES_EXCEEDED_MAX_SIZE')
  await cut.opened
})

test('a reply of exactly maxReplyBytes is read, and one byte more is refused', async () => {
  const text = JSON.stringify(good)
  const handler: RequestHandler = (_request, response) => response.end(text)
  const atLimit = await openClientAndServer(handler, { maxReplyBytes: text.length })
  const cut = await openClientAndServer(handler, { maxReplyBytes: text.length - 1 })
  expect(await atLimit.wechat.code2Session(appId, 'c')).toMatchObject({ openid: 'o1' })
  expect(await rejectionOf(cut.wechat.code2Session(appId, 'c'))).toMatchObject({
    kind: 'unavailable',
  })
})

test('a call without an answer is rejected at the timeout', async () => {
  const { wechat, server } = await openClientAndServer(() => {}, { timeout: 60 })
  const error = await rejectionOf(wechat.code2Session(appId, 'c'))
  expect(error.message).toBe('WeChat gave no usable answer (timeout)')
  expect(server.requests).toHaveLength(1)
})

test('a reply that arrives too slowly is aborted at the timeout, and its connection is closed', async () => {
  const closed = latch()
  const { wechat } = await openClientAndServer(
    (_request, response) => {
      const drip = setInterval(() => response.write(' '), 10)
      response.on('close', () => {
        clearInterval(drip)
        closed.open()
      })
    },
    { timeout: 100 },
  )
  expect((await rejectionOf(wechat.code2Session(appId, 'c'))).message).toContain('timeout')
  await closed.opened
})

test('a handshake that never ends is aborted at connectTimeout', async () => {
  const silence = await startSilentServer()
  onTestFinished(() => silence.close())
  const baseUrl = `https://127.0.0.1:${silence.port}`
  // Below undici's own limit of 10 s, so that connectTimeout is what ends the handshake.
  const wechat = openClient({ baseUrl, connectTimeout: 60, timeout: 9_000 })
  const error = await rejectionOf(wechat.code2Session(appId, 'c'))
  expect(error.message).toContain('UND_ERR_CONNECT_TIMEOUT')
})

test('the timeout covers connecting', async () => {
  const silence = await startSilentServer()
  onTestFinished(() => silence.close())
  const baseUrl = `https://127.0.0.1:${silence.port}`
  const wechat = openClient({ baseUrl, connectTimeout: 30_000, timeout: 60 })
  const error = await rejectionOf(wechat.code2Session(appId, 'c'))
  expect(error.message).toContain('timeout')
})

test('a refused connection is unavailable at once', async () => {
  const wechat = openClient({ baseUrl: `http://127.0.0.1:${await unusedPort()}` })
  const error = await rejectionOf(wechat.code2Session(appId, 'c'))
  expect(error).toMatchObject({ kind: 'unavailable', errcode: null, retryAfter: null })
  expect(error.message).toContain('ECONNREFUSED')
})

test('a connection closed in the middle of a reply causes no retry', async () => {
  const { wechat, server } = await openClientAndServer((_request, response) => {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('{"openid":', () => response.destroy())
  })
  expect(await rejectionOf(wechat.code2Session(appId, 'c'))).toMatchObject({ kind: 'unavailable' })
  expect(server.requests).toHaveLength(1)
})

test('a kept connection that closes during a request causes no retry', async () => {
  const { wechat, server } = await openClientAndServer((_request, response) =>
    reply(response, good),
  )
  await wechat.code2Session(appId, 'c1')
  server.handler = (_request, response) => response.destroy()
  expect(await rejectionOf(wechat.code2Session(appId, 'c2'))).toMatchObject({ kind: 'unavailable' })
  expect(server.requests.map(({ query }) => query['js_code'])).toEqual(['c1', 'c2'])
})

test('the client works after a failed call', async () => {
  const { wechat, server } = await openClientAndServer((_request, response) => response.destroy())
  await rejectionOf(wechat.code2Session(appId, 'c1'))
  server.handler = (_request, response) => reply(response, good)
  expect(await wechat.code2Session(appId, 'c2')).toMatchObject({ openid: 'o1' })
})

test('close waits for a call in flight, and later calls are refused', async () => {
  const { wechat, server } = await openClientAndServer(() => {})
  const release = latch()
  server.handler = async (_request, response) => {
    await release.opened
    reply(response, good)
  }
  const nextRequest = server.nextRequest()
  const ended: string[] = []
  const inFlight = wechat.code2Session(appId, 'c1').finally(() => ended.push('call'))
  await nextRequest
  const closing = [wechat.close(), wechat.close()].map((closed) =>
    closed.then(() => ended.push('close')),
  )
  expect(await rejectionOf(wechat.code2Session(appId, 'c2'))).toMatchObject({ kind: 'unavailable' })
  release.open()
  expect(await inFlight).toMatchObject({ openid: 'o1' })
  await Promise.all(closing)
  expect(ended).toEqual(['call', 'close', 'close'])
  expect(server.requests).toHaveLength(1)
})

test('a client that was closed before its first call sends nothing', async () => {
  const { wechat, server } = await openClientAndServer((_request, response) =>
    reply(response, good),
  )
  await wechat.close()
  const error = await rejectionOf(wechat.code2Session(appId, 'c'))
  expect(error.message).toBe('WeChat gave no usable answer (closed)')
  expect(server.requests).toEqual([])
})

test('a TLS handshake offers HTTP/1.1 and not HTTP/2, because queries are replaced in HTTP/1.1 text', async () => {
  const hello = await firstBytesOf((port) => {
    const wechat = openClient({ baseUrl: `https://127.0.0.1:${port}`, timeout: 30_000 })
    return rejectionOf(wechat.code2Session(appId, 'c'))
  })
  // The extension of RFC 7301 §3.1: type 16, its length, the length of the list, and one name with its length.
  const onlyHttp1 = Buffer.concat([
    Buffer.from([0, 16, 0, 11, 0, 9, 8]),
    Buffer.from('http/1.1', 'latin1'),
  ])
  expect(hello.includes(onlyHttp1)).toBe(true)
})

/** The first bytes that `connect` sends to a port; the connection is then closed. */
async function firstBytesOf(connect: (port: number) => Promise<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (chunk) => {
      chunks.push(chunk)
      socket.destroy()
    })
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await connect((server.address() as AddressInfo).port)
  return Buffer.concat(chunks)
}
