import { channel } from 'node:diagnostics_channel'
import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { appId, failure, openClient, openPair } from './client.ts'
import { closedPort, type Play, reply } from './stand-in.ts'

const good = { openid: 'o1', session_key: 'k1' }

/** Runs `then` each time a connection has failed, before anything else can happen. */
function onConnectError(then: () => void): void {
  const errors = channel('undici:client:connectError')
  errors.subscribe(then)
  onTestFinished(() => {
    errors.unsubscribe(then)
  })
}

/** A server that starts to listen only once somebody has tried to connect. */
async function lateServer(
  listener: RequestListener,
): Promise<{ url: string; tries: () => number }> {
  const port = await closedPort()
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

test('where no connection came about, the call is tried once more', async () => {
  const asked: string[] = []
  const { url, tries } = await lateServer((request, response) => {
    asked.push(request.url ?? '')
    reply(response, good)
  })
  const wechat = openClient({ baseUrl: url })
  expect(await wechat.code2Session(appId, 'c1')).toMatchObject({ openid: 'o1' })
  expect(tries()).toBe(1)
  expect(asked).toEqual([expect.stringContaining('js_code=c1')])
})

test('so is a request for an access token', async () => {
  const paths: string[] = []
  const { url } = await lateServer((request, response) => {
    paths.push(request.url?.split('?')[0] ?? '')
    reply(response, { access_token: 't1', expires_in: 7200, errcode: 0 })
  })
  const wechat = openClient({ baseUrl: url })
  expect(await wechat.checkSessionKey(appId, { openid: 'o1', sessionKey: 'k1' })).toBe(true)
  expect(paths).toEqual(['/cgi-bin/stable_token', '/wxa/checksession'])
})

test('twice and no more', async () => {
  let tries = 0
  onConnectError(() => {
    tries += 1
  })
  const wechat = openClient({ baseUrl: `http://127.0.0.1:${await closedPort()}` })
  expect((await failure(wechat.code2Session(appId, 'c'))).message).toContain('ECONNREFUSED')
  expect(tries).toBe(2)
})

const afterSending: [string, Play][] = [
  ['a connection closed before the reply', (_asked, response) => response.destroy()],
  ['a reset of the connection', (_asked, response) => response.socket?.resetAndDestroy()],
  ['a busy WeChat', (_asked, response) => reply(response, { errcode: -1 })],
  ['HTTP 503', (_asked, response) => response.writeHead(503, { 'retry-after': '0' }).end()],
  ['silence', () => {}],
]

test.each(afterSending)('after %s nothing is tried again', async (_name, play) => {
  const { wechat, standIn } = await openPair(play, { timeout: 500 })
  await failure(wechat.code2Session(appId, 'c'))
  await failure(wechat.checkSessionKey(appId, { openid: 'o1', sessionKey: 'k1' }))
  expect(standIn.asked.map(({ path }) => path)).toEqual([
    '/sns/jscode2session',
    '/cgi-bin/stable_token',
  ])
})
