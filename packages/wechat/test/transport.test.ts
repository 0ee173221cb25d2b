import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { appId, failure, openClient, openPair } from './client.ts'
import { closedPort, latch, type Play, reply, startSilence } from './stand-in.ts'

const good = { openid: 'o1', session_key: 'k1' }

test.each([
  ['an HTML page', '<html>502</html>'],
  ['nothing', ''],
  ['half a reply', '{"openid":"o1"'],
  ['deep nesting', '['.repeat(60_000)],
])('%s instead of JSON is no usable answer', async (_name, text) => {
  const { wechat } = await openPair((_asked, response) => response.end(text))
  const error = await failure(wechat.code2Session(appId, 'c'))
  expect(error.message).toBe('WeChat gave no usable answer (not JSON)')
})

test.each([201, 400, 404, 429, 500, 502])(
  'HTTP %i is no usable answer, whatever it carries',
  async (status) => {
    const { wechat, standIn } = await openPair((_asked, response) =>
      response.writeHead(status).end(JSON.stringify({ ...good, errcode: 0 })),
    )
    const error = await failure(wechat.code2Session(appId, 'c'))
    expect(error).toMatchObject({ kind: 'unavailable', errcode: null })
    expect(error.message).toContain(`status ${status}`)
    expect(standIn.asked).toHaveLength(1)
  },
)

test.each([301, 302, 307, 308])('a redirect by %i is not followed', async (status) => {
  const other = await openPair((_asked, response) => reply(response, good))
  const { wechat } = await openPair((_asked, response) =>
    response.writeHead(status, { location: `${other.standIn.url}/elsewhere` }).end(),
  )
  expect(await failure(wechat.code2Session(appId, 'c'))).toMatchObject({ kind: 'unavailable' })
  expect(other.standIn.asked).toEqual([])
})

test('a reply of 5 MB is cut off at the cap, and its connection is closed', async () => {
  let sent = 0
  const cut = latch()
  const { wechat } = await openPair((_asked, response) => {
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
  const error = await failure(wechat.code2Session(appId, 'c'))
  expect(error.message).toContain('UND_ERR_RES_EXCEEDED_MAX_SIZE')
  await cut.opened
})

test('a reply as long as the cap is read, and one byte more is not', async () => {
  const text = JSON.stringify(good)
  const play: Play = (_asked, response) => response.end(text)
  const fits = await openPair(play, { maxReplyBytes: text.length })
  const cut = await openPair(play, { maxReplyBytes: text.length - 1 })
  expect(await fits.wechat.code2Session(appId, 'c')).toMatchObject({ openid: 'o1' })
  expect(await failure(cut.wechat.code2Session(appId, 'c'))).toMatchObject({ kind: 'unavailable' })
})

test('an answer that never comes is given up at the total time-out', async () => {
  const { wechat, standIn } = await openPair(() => {}, { timeout: 60 })
  const error = await failure(wechat.code2Session(appId, 'c'))
  expect(error.message).toBe('WeChat gave no usable answer (timeout)')
  expect(standIn.asked).toHaveLength(1)
})

test('a slow drip is given up at the total time-out, and its connection is closed', async () => {
  const closed = latch()
  const { wechat } = await openPair(
    (_asked, response) => {
      const drip = setInterval(() => response.write(' '), 10)
      response.on('close', () => {
        clearInterval(drip)
        closed.open()
      })
    },
    { timeout: 100 },
  )
  expect((await failure(wechat.code2Session(appId, 'c'))).message).toContain('timeout')
  await closed.opened
})

test('a handshake that never ends is given up at the connect time-out', async () => {
  const silence = await startSilence()
  onTestFinished(() => silence.close())
  const baseUrl = `https://127.0.0.1:${silence.port}`
  const wechat = openClient({ baseUrl, connectTimeout: 60, timeout: 30_000 })
  const error = await failure(wechat.code2Session(appId, 'c'))
  expect(error.message).toContain('UND_ERR_CONNECT_TIMEOUT')
})

test('the total time-out covers connecting', async () => {
  const silence = await startSilence()
  onTestFinished(() => silence.close())
  const baseUrl = `https://127.0.0.1:${silence.port}`
  const wechat = openClient({ baseUrl, connectTimeout: 30_000, timeout: 60 })
  const error = await failure(wechat.code2Session(appId, 'c'))
  expect(error.message).toContain('timeout')
})

test('a port on which nobody listens is unavailable at once', async () => {
  const wechat = openClient({ baseUrl: `http://127.0.0.1:${await closedPort()}` })
  const error = await failure(wechat.code2Session(appId, 'c'))
  expect(error).toMatchObject({ kind: 'unavailable', errcode: null, retryAfter: null })
  expect(error.message).toContain('ECONNREFUSED')
})

test('a connection closed in the middle of a reply is not tried again', async () => {
  const { wechat, standIn } = await openPair((_asked, response) => {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('{"openid":', () => response.destroy())
  })
  expect(await failure(wechat.code2Session(appId, 'c'))).toMatchObject({ kind: 'unavailable' })
  expect(standIn.asked).toHaveLength(1)
})

test('a kept connection that dies under a request is not tried again', async () => {
  const { wechat, standIn } = await openPair((_asked, response) => reply(response, good))
  await wechat.code2Session(appId, 'c1')
  standIn.play = (_asked, response) => response.destroy()
  expect(await failure(wechat.code2Session(appId, 'c2'))).toMatchObject({ kind: 'unavailable' })
  expect(standIn.asked.map(({ query }) => query['js_code'])).toEqual(['c1', 'c2'])
})

test('a failed call leaves the client usable', async () => {
  const { wechat, standIn } = await openPair((_asked, response) => response.destroy())
  await failure(wechat.code2Session(appId, 'c1'))
  standIn.play = (_asked, response) => reply(response, good)
  expect(await wechat.code2Session(appId, 'c2')).toMatchObject({ openid: 'o1' })
})

test('closing waits for a call in flight and refuses later ones', async () => {
  const { wechat, standIn } = await openPair(() => {})
  const release = latch()
  standIn.play = async (_asked, response) => {
    await release.opened
    reply(response, good)
  }
  const arrival = standIn.arrival()
  const inFlight = wechat.code2Session(appId, 'c1')
  await arrival
  const closing = Promise.all([wechat.close(), wechat.close()])
  expect(await failure(wechat.code2Session(appId, 'c2'))).toMatchObject({ kind: 'unavailable' })
  release.open()
  expect(await inFlight).toMatchObject({ openid: 'o1' })
  await closing
  expect(standIn.asked).toHaveLength(1)
})

test('a TLS handshake offers HTTP/1.1 and not HTTP/2, because queries are replaced in HTTP/1.1 text', async () => {
  const hello = await firstBytesOf((port) => {
    const wechat = openClient({ baseUrl: `https://127.0.0.1:${port}`, timeout: 30_000 })
    return failure(wechat.code2Session(appId, 'c'))
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
