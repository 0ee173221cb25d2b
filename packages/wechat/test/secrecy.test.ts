import { channel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import type { Wechat, WechatOptions } from '../src/index.ts'
import { type RequestHandler, reply, startSilentServer, unusedPort } from './fake-wechat.ts'
import { appId, openClient, openClientAndServer, rejectionOf, secret } from './test-client.ts'

const code = 'sentinel-code'
const token = 'sentinel-token'
const sessionKey = 'sentinel-session-key'
const openid = 'sentinel-openid'
const sentinels = /sentinel|jscode2session|stable_token|getuserphonenumber|sessionkey|https?:/

/** Everything that a logger could read from an error, except for the file paths in its stack. */
function everything(error: Error): string {
  const frames = /\n\s+at .*/g
  const shown = inspect(error, { depth: 10, showHidden: true }).replace(frames, '')
  const own = Reflect.ownKeys(error).map((key) => inspect(Reflect.get(error, key)))
  return [shown, ...own, JSON.stringify(error), String(error)].join('\n').replace(frames, '')
}

function failAll(wechat: Wechat) {
  const calls = [
    wechat.code2Session(appId, code),
    wechat.getPhoneNumber(appId, { code, openid }),
    wechat.checkSessionKey(appId, { openid, sessionKey }),
    wechat.resetUserSessionKey(appId, { openid, sessionKey }),
  ]
  return Promise.all(calls.map((call) => rejectionOf(call)))
}

/** Repeats everything that was sent, as a server might. */
const echo = `${secret} ${code} ${token} ${sessionKey} ${openid} https://api.weixin.qq.com/`

/** Answers token requests, so that the call itself fails. */
function granting(handler: RequestHandler): RequestHandler {
  return (request, response) => {
    if (request.path === '/cgi-bin/stable_token') {
      return reply(response, { access_token: token, expires_in: 7200 })
    }
    return handler(request, response)
  }
}

const faults: [string, RequestHandler, Partial<WechatOptions>?][] = [
  ...[-1, 40001, 40013, 40029, 40163, 40226, 45009, 45011, 99999].map(
    (errcode): [string, RequestHandler] => [
      `errcode ${errcode}`,
      (_request, response) => reply(response, { errcode, errmsg: echo, session_key: sessionKey }),
    ],
  ),
  ['not JSON', (_request, response) => response.end(echo)],
  ['wrong shape', (_request, response) => reply(response, { openid: [echo], phone_info: echo })],
  ['HTTP 500', (_request, response) => response.writeHead(500).end(echo)],
  ['redirect', (_request, response) => response.writeHead(302, { location: `/?${echo}` }).end()],
  ['too long', (_request, response) => response.end(echo), { maxReplyBytes: 50 }],
  ['no answer', () => {}, { timeout: 50 }],
  ['closed before the reply', (_request, response) => response.destroy()],
  [
    'closed in the reply',
    (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write(echo, () => response.destroy())
    },
  ],
  ['not HTTP', (_request, response) => response.socket?.end(`${echo}\r\n\r\n`)],
]

test.each(faults)('an error about "%s" contains no secret', async (_name, handler, options) => {
  const all = await openClientAndServer(handler, { maxReplyBytes: 4096, ...options })
  const phone = await openClientAndServer(granting(handler), options)
  for (const error of [...(await failAll(all.wechat)), ...(await failAll(phone.wechat))]) {
    expect(everything(error)).not.toMatch(sentinels)
    expect(error).not.toHaveProperty('cause')
  }
})

test('an error about an unreachable WeChat contains no secret', async () => {
  const silence = await startSilentServer()
  onTestFinished(() => silence.close())
  const { server } = await openClientAndServer(() => {})
  const clients = [
    openClient({ baseUrl: `http://127.0.0.1:${await unusedPort()}` }),
    openClient({ baseUrl: `https://127.0.0.1:${silence.port}`, connectTimeout: 50 }),
    openClient({ baseUrl: server.url.replace('http:', 'https:') }),
  ]
  const errors = (await Promise.all(clients.map(failAll))).flat()
  expect(errors).toHaveLength(12)
  for (const error of errors) expect(everything(error)).not.toMatch(sentinels)
})

test('an error about a call that was not sent contains no secret', async () => {
  const wechat = openClient({ baseUrl: 'http://127.0.0.1:9' })
  const errors = [
    await rejectionOf(wechat.code2Session('wxsentinelunknown', code)),
    await rejectionOf(wechat.code2Session(appId, code.repeat(100))),
  ]
  for (const error of errors) expect(everything(error)).not.toMatch(sentinels)
})

test("the client's own properties contain no secret", () => {
  const wechat = openClient({ baseUrl: 'http://127.0.0.1:9' })
  expect(inspect(wechat, { depth: 10, showHidden: true })).not.toMatch(/sentinel/)
})

const channels = ['create', 'headers', 'bodySent', 'bodyChunkSent', 'trailers', 'error']
  .map((name) => `undici:request:${name}`)
  .concat(['beforeConnect', 'connected', 'sendHeaders'].map((name) => `undici:client:${name}`))

test('tracers of undici see neither query nor body', async () => {
  const seen: string[] = []
  const watch = (message: unknown) => {
    const { body = null } = (message as { request?: { body: Buffer | null } }).request ?? {}
    seen.push(inspect(message, { depth: 6, showHidden: true }), String(body))
  }
  for (const name of channels) channel(name).subscribe(watch)
  onTestFinished(() => {
    for (const name of channels) channel(name).unsubscribe(watch)
  })
  const { wechat, server } = await openClientAndServer(
    granting((_request, response) => reply(response, { errcode: 40029 })),
  )
  await failAll(wechat)
  const bodies = server.requests.map(({ body }) => body)
  expect(bodies).toContain(JSON.stringify({ code, openid }))
  expect(server.requests.map(({ query }) => query['secret'] ?? query['access_token'])).toContain(
    token,
  )
  expect(seen.join('\n')).toContain('/sns/jscode2session?placeholder=')
  for (const sentinel of [secret, code, token, openid]) {
    expect(seen.filter((text) => text.includes(sentinel))).toEqual([])
  }
})
