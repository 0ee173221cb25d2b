import { expect, test } from 'vitest'
import type { RequestOutcome } from '../src/index.ts'
import { type RequestHandler, reply, unusedPort } from './fake-wechat.ts'
import { appId, openClient, openClientAndServer, rejectionOf } from './test-client.ts'

const granting: RequestHandler = (_request, response) =>
  reply(response, { access_token: 'token', expires_in: 7200 })
const refusing =
  (errcode: number, errmsg = 'no'): RequestHandler =>
  (_request, response) =>
    reply(response, { errcode, errmsg })

test('checkApp requests a token each time, without force_refresh', async () => {
  const { wechat, server } = await openClientAndServer(granting)
  await wechat.checkApp(appId)
  await wechat.checkApp(appId)
  const bodies = server.requests.map(({ body }) => JSON.parse(body))
  expect(bodies).toMatchObject([{ force_refresh: false }, { force_refresh: false }])
})

test('checkApp refuses an unknown appid without a request to WeChat', async () => {
  const { wechat, server } = await openClientAndServer(granting)
  expect((await rejectionOf(wechat.checkApp('other'))).kind).toBe('app_unknown')
  expect(server.requests).toEqual([])
})

test.each([40013, 40125, 41002, 41004, 40001])(
  'checkApp rejects errcode %i as misconfigured',
  async (errcode) => {
    const { wechat } = await openClientAndServer(refusing(errcode, 'invalid ip 203.0.113.7'))
    const error = await rejectionOf(wechat.checkApp(appId))
    expect(error).toMatchObject({ kind: 'misconfigured', errcode, address: null })
  },
)

test.each([
  ['invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 1-2-3', '203.0.113.7'],
  ['invalid ip 2001:db8::7, not in whitelist', '2001:db8::7'],
  ['invalid ip 999.1.1.1, not in whitelist', null],
  ['invalid ip <script>, not in whitelist', null],
  ['not in whitelist', null],
])('of the errmsg "%s" only the address is kept', async (errmsg, address) => {
  const { wechat } = await openClientAndServer(refusing(40164, errmsg))
  const error = await rejectionOf(wechat.checkApp(appId))
  expect(error).toMatchObject({ kind: 'misconfigured', errcode: 40164, address })
  expect(error.message).not.toContain('invalid ip')
})

test('onRequestEnd is called for each request with its outcome', async () => {
  const answers: RequestOutcome[] = []
  const onRequestEnd = (answer: RequestOutcome) => void answers.push(answer)
  const { wechat, server } = await openClientAndServer(granting, { onRequestEnd })
  await wechat.checkApp(appId)
  server.handler = refusing(40029)
  await rejectionOf(wechat.code2Session(appId, 'code'))
  server.handler = (_request, response) => response.destroy()
  await rejectionOf(wechat.code2Session(appId, 'code'))
  expect(answers).toMatchObject([
    { appId, path: '/cgi-bin/stable_token', errcode: 0 },
    { appId, path: '/sns/jscode2session', errcode: 40029 },
    { appId, path: '/sns/jscode2session', errcode: null },
  ])
  expect(answers.every(({ durationMs }) => durationMs >= 0 && durationMs < 5_000)).toBe(true)
})

test('onRequestEnd is not called for a call that the breaker refused', async () => {
  const answers: RequestOutcome[] = []
  const wechat = openClient({
    baseUrl: `http://127.0.0.1:${await unusedPort()}`,
    breaker: { failures: 1, pause: 60_000, maxPause: 60_000 },
    onRequestEnd: (answer) => void answers.push(answer),
  })
  await rejectionOf(wechat.checkApp(appId))
  await rejectionOf(wechat.checkApp(appId))
  expect(answers).toHaveLength(1)
})
