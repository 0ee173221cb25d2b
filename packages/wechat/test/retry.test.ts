import { channel } from 'node:diagnostics_channel'
import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { type RequestHandler, reply, unusedPort } from './fake-wechat.ts'
import { appId, openClient, openClientAndServer, rejectionOf } from './test-client.ts'

const good = { openid: 'o1', session_key: 'k1' }

/** Runs `then` each time a connection has failed, synchronously. */
function onConnectError(then: () => void): void {
  const errors = channel('undici:client:connectError')
  errors.subscribe(then)
  onTestFinished(() => {
    errors.unsubscribe(then)
  })
}

/** A server that starts to listen after the first failed connection. */
async function lateServer(
  listener: RequestListener,
): Promise<{ url: string; tries: () => number }> {
  const port = await unusedPort()
  const server = createServer(listener)
  let tries = 0
  onConnectError(() => {
    tries += 1
    if (!server.listening) server.listen(port, '127.0.0.1')
  })
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${port}`, tries: () => tries }
}

test('a call is repeated once when no connection was established', async () => {
  const urls: string[] = []
  const { url, tries } = await lateServer((request, response) => {
    urls.push(request.url ?? '')
    reply(response, good)
  })
  const wechat = openClient({ baseUrl: url })
  expect(await wechat.code2Session(appId, 'c1')).toMatchObject({ openid: 'o1' })
  expect(tries()).toBe(1)
  expect(urls).toEqual([expect.stringContaining('js_code=c1')])
})

test('a token request is also repeated when no connection was established', async () => {
  const paths: string[] = []
  const { url } = await lateServer((request, response) => {
    paths.push(request.url?.split('?')[0] ?? '')
    reply(response, { access_token: 't1', expires_in: 7200, errcode: 0 })
  })
  const wechat = openClient({ baseUrl: url })
  expect(await wechat.checkSessionKey(appId, { openid: 'o1', sessionKey: 'k1' })).toBe(true)
  expect(paths).toEqual(['/cgi-bin/stable_token', '/wxa/checksession'])
})

test('a call is repeated at most once', async () => {
  let tries = 0
  onConnectError(() => {
    tries += 1
  })
  const wechat = openClient({ baseUrl: `http://127.0.0.1:${await unusedPort()}` })
  expect((await rejectionOf(wechat.code2Session(appId, 'c'))).message).toContain('ECONNREFUSED')
  expect(tries).toBe(2)
})

test('a call is not repeated after close', async () => {
  let tries = 0
  const wechat = openClient({ baseUrl: `http://127.0.0.1:${await unusedPort()}` })
  onConnectError(() => {
    tries += 1
    void wechat.close()
  })
  expect((await rejectionOf(wechat.code2Session(appId, 'c'))).message).toContain('ECONNREFUSED')
  expect(tries).toBe(1)
})

const afterSending: [string, RequestHandler][] = [
  ['a connection closed before the reply', (_request, response) => response.destroy()],
  ['a reset of the connection', (_request, response) => response.socket?.resetAndDestroy()],
  ['a busy WeChat', (_request, response) => reply(response, { errcode: -1 })],
  ['HTTP 503', (_request, response) => response.writeHead(503, { 'retry-after': '0' }).end()],
  ['no answer', () => {}],
]

test.each(afterSending)('after %s nothing is repeated', async (_name, handler) => {
  const { wechat, server } = await openClientAndServer(handler, { timeout: 500 })
  await rejectionOf(wechat.code2Session(appId, 'c'))
  await rejectionOf(wechat.checkSessionKey(appId, { openid: 'o1', sessionKey: 'k1' }))
  expect(server.requests.map(({ path }) => path)).toEqual([
    '/sns/jscode2session',
    '/cgi-bin/stable_token',
  ])
})
