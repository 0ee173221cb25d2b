import { expect, test } from 'vitest'
import type { Answer } from '../src/index.ts'
import { appId, failure, openClient, openPair } from './client.ts'
import { closedPort, type Play, reply } from './stand-in.ts'

const granting: Play = (_asked, response) =>
  reply(response, { access_token: 'token', expires_in: 7200 })
const refusing =
  (errcode: number, errmsg = 'no'): Play =>
  (_asked, response) =>
    reply(response, { errcode, errmsg })

test('an app is checked by asking for a token each time, without forcing a new one', async () => {
  const { wechat, standIn } = await openPair(granting)
  await wechat.checkApp(appId)
  await wechat.checkApp(appId)
  const bodies = standIn.asked.map(({ body }) => JSON.parse(body))
  expect(bodies).toMatchObject([{ force_refresh: false }, { force_refresh: false }])
})

test('an app that is not configured is told so without asking', async () => {
  const { wechat, standIn } = await openPair(granting)
  expect((await failure(wechat.checkApp('other'))).kind).toBe('app_unknown')
  expect(standIn.asked).toEqual([])
})

test.each([40013, 40125, 41002, 41004, 40001])(
  'errcode %i says that the app is set up wrongly',
  async (errcode) => {
    const { wechat } = await openPair(refusing(errcode))
    const error = await failure(wechat.checkApp(appId))
    expect(error).toMatchObject({ kind: 'misconfigured', errcode, address: null })
  },
)

test.each([
  ['invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 1-2-3', '203.0.113.7'],
  ['invalid ip 2001:db8::7, not in whitelist', '2001:db8::7'],
  ['invalid ip 999.1.1.1, not in whitelist', null],
  ['invalid ip <script>, not in whitelist', null],
  ['not in whitelist', null],
])('of "%s" the address goes on, and nothing else', async (errmsg, address) => {
  const { wechat } = await openPair(refusing(40164, errmsg))
  const error = await failure(wechat.checkApp(appId))
  expect(error).toMatchObject({ kind: 'misconfigured', errcode: 40164, address })
  expect(error.message).not.toContain('invalid ip')
})

test('whoever wants to know is told of each request with its outcome', async () => {
  const answers: Answer[] = []
  const onAnswer = (answer: Answer) => void answers.push(answer)
  const { wechat, standIn } = await openPair(granting, { onAnswer })
  await wechat.checkApp(appId)
  standIn.play = refusing(40029)
  await failure(wechat.code2Session(appId, 'code'))
  standIn.play = (_asked, response) => response.destroy()
  await failure(wechat.code2Session(appId, 'code'))
  expect(answers).toMatchObject([
    { appId, path: '/cgi-bin/stable_token', errcode: 0 },
    { appId, path: '/sns/jscode2session', errcode: 40029 },
    { appId, path: '/sns/jscode2session', errcode: null },
  ])
  expect(answers.every(({ durationMs }) => durationMs >= 0 && durationMs < 5_000)).toBe(true)
})

test('what the breaker kept from being sent is not told', async () => {
  const answers: Answer[] = []
  const wechat = openClient({
    baseUrl: `http://127.0.0.1:${await closedPort()}`,
    breaker: { failures: 1, pause: 60_000, maxPause: 60_000 },
    onAnswer: (answer) => void answers.push(answer),
  })
  await failure(wechat.checkApp(appId))
  await failure(wechat.checkApp(appId))
  expect(answers).toHaveLength(1)
})
