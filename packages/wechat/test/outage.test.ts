import { expect, test } from 'vitest'
import { appId, failure, openClient, openPair } from './client.ts'
import { closedPort, type Play, reply } from './stand-in.ts'

const good = { openid: 'o1', session_key: 'k1' }
const answering: Play = (_asked, response) => reply(response, good)

function clock() {
  let time = 1_790_000_000_000
  return {
    now: () => time,
    pass: (ms: number) => {
      time += ms
    },
  }
}

/** After this many calls without an answer nobody is asked. */
const failures = 8

const outages: [string, Play, number][] = [
  ['that closes connections', (_asked, response) => response.destroy(), 10_000],
  ['that answers without end', (_asked, response) => response.end('x'.repeat(100_000)), 10_000],
  ['that never answers', () => {}, 300],
]

test.each(outages)('a WeChat %s is not asked a ninth time', async (_name, play, timeout) => {
  const { now } = clock()
  const { wechat, standIn } = await openPair(play, { now, timeout })
  await Promise.all(
    Array.from({ length: failures }, (_, call) => failure(wechat.code2Session(appId, `c${call}`))),
  )
  for (let call = 0; call < 500; call += 1) {
    const refused = await failure(wechat.code2Session(appId, 'c'))
    expect(refused).toMatchObject({ kind: 'unavailable', errcode: null, retryAfter: 1 })
  }
  expect(standIn.asked).toHaveLength(failures)
})

const answers: [string, Play][] = [
  ['with HTTP 502', (_asked, response) => response.writeHead(502).end()],
  ['with nonsense', (_asked, response) => response.end('<html>')],
  ['with a redirect', (_asked, response) => response.writeHead(302, { location: '/' }).end()],
  ['that it is busy', (_asked, response) => reply(response, { errcode: -1 })],
  ['that the code is bad', (_asked, response) => reply(response, { errcode: 40029 })],
]

test.each(answers)(
  'a WeChat that answers %s costs no wait and goes on being asked',
  async (_name, play) => {
    const { wechat, standIn } = await openPair(play)
    for (let call = 0; call < 3 * failures; call += 1)
      await failure(wechat.code2Session(appId, 'c'))
    expect(standIn.asked).toHaveLength(3 * failures)
  },
)

test('the first call after the pause finds WeChat again', async () => {
  const { now, pass } = clock()
  const { wechat, standIn } = await openPair((_asked, response) => response.destroy(), { now })
  for (let call = 0; call <= failures; call += 1) await failure(wechat.code2Session(appId, 'c'))
  pass(1_000)
  await failure(wechat.code2Session(appId, 'c'))
  standIn.play = answering
  expect(await failure(wechat.code2Session(appId, 'c'))).toMatchObject({ retryAfter: 2 })
  pass(2_000)
  expect(await wechat.code2Session(appId, 'c')).toMatchObject({ openid: 'o1' })
  expect(standIn.asked).toHaveLength(failures + 2)
})

test('at the longest pause a recovered WeChat is found within 10 seconds', async () => {
  const { now, pass } = clock()
  const { wechat, standIn } = await openPair((_asked, response) => response.destroy(), { now })
  for (let minute = 0; minute < 60; minute += 1) {
    await failure(wechat.code2Session(appId, 'c'))
    pass(60_000)
  }
  for (let call = 0; call <= failures; call += 1) await failure(wechat.code2Session(appId, 'c'))
  pass(5_000)
  await failure(wechat.code2Session(appId, 'c'))
  standIn.play = answering
  pass(5_000)
  expect(await wechat.code2Session(appId, 'c')).toMatchObject({ openid: 'o1' })
})

test('beyond what may run and wait, calls are refused at once and not counted as an outage', async () => {
  const held: (() => void)[] = []
  const { wechat, standIn } = await openPair(
    (_asked, response) => void held.push(() => reply(response, good)),
    { maxConcurrent: 2, maxQueued: 3 },
  )
  const session = () => wechat.code2Session(appId, 'c')
  const running = [session(), session()]
  while (held.length < 2) await standIn.arrival()
  const waiting = [session(), session(), session()]
  for (let call = 0; call < 20; call += 1) {
    const refused = await failure(session())
    expect(refused).toMatchObject({ kind: 'unavailable', retryAfter: 1 })
  }
  standIn.play = answering
  for (const answer of held) answer()
  const sessions = await Promise.all([...running, ...waiting])
  expect(sessions).toHaveLength(5)
  expect(standIn.asked).toHaveLength(5)
})

test('a port on which nobody listens opens it too, and no code is lost to it', async () => {
  const wechat = openClient({ baseUrl: `http://127.0.0.1:${await closedPort()}` })
  for (let call = 0; call < failures; call += 1) await failure(wechat.code2Session(appId, 'c'))
  expect(await failure(wechat.code2Session(appId, 'c'))).toMatchObject({ retryAfter: 1 })
})
