import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { expect, it, onTestFinished } from 'vitest'
import { type AttemptResult, createSender, type SenderOptions } from './send-attempt.ts'

const secret = `whsec_${Buffer.alloc(32, 'secret 1').toString('base64')}`
const body = JSON.stringify({ type: 'user.created', data: { nickname: '小免' } })
const allowed = ['127.0.0.1']
const never = new AbortController().signal

async function listen(onRequest: RequestListener): Promise<{ port: number; server: Server }> {
  const server = createServer(onRequest)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, server }
}

/** A receiver that answers with a status. */
const answering = (status: number, headers: Record<string, string> = {}) =>
  listen((_request, reply) => reply.writeHead(status, headers).end())

function send(url: string, options: Partial<SenderOptions> = {}, signal = never) {
  const attempt = createSender({ allowed, now: () => 0, ...options })
  return attempt({ url, id: 'evt_1', at: Date.now(), body, secrets: [secret] }, signal)
}

const sendTo = (port: number, options: Partial<SenderOptions> = {}): Promise<AttemptResult> =>
  send(`http://127.0.0.1:${port}/hook`, options)

it('a receiver gets the signed body', async () => {
  const received: unknown[] = []
  const { port } = await listen(async (request, reply) => {
    const text = (await request.toArray()).join('')
    const headers = request.headers as Record<string, string>
    const { 'content-type': type, connection } = headers
    received.push(request.method, request.url, type, connection)
    received.push(new Webhook(secret).verify(text, headers))
    reply.writeHead(204).end()
  })
  const sent = await sendTo(port)
  expect(sent).toEqual({ outcome: 'delivered', error: '', retryAfter: null })
  expect(received).toEqual(['POST', '/hook', 'application/json', 'close', JSON.parse(body)])
})

it.each([
  [200, 'delivered', ''],
  [299, 'delivered', ''],
  [302, 'redirected', 'HTTP 302; redirects are not followed'],
  [400, 'refused', 'HTTP 400'],
  [410, 'gone', 'HTTP 410'],
  [500, 'failed', 'HTTP 500'],
])('a receiver that answers %i: %s', async (status, outcome, error) => {
  const { port } = await answering(status)
  expect(await sendTo(port)).toEqual({ outcome, error, retryAfter: null })
})

it('a receiver that changes the protocol has not accepted, and its connection is closed', async () => {
  const closed: boolean[] = []
  const { port } = await listen((request) => {
    request.socket.on('close', () => closed.push(true))
    request.socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    )
  })
  expect(await sendTo(port)).toMatchObject({ outcome: 'failed', error: 'HTTP 101' })
  await expect.poll(() => closed).toEqual([true])
})

it('a redirect is not followed', async () => {
  let calls = 0
  const { port } = await listen((_request, reply) => {
    calls += 1
    reply.writeHead(307, { location: '/elsewhere' }).end()
  })
  expect(await sendTo(port)).toMatchObject({ outcome: 'redirected' })
  expect(calls).toBe(1)
})

it('the pause that a receiver asks for is read', async () => {
  const { port } = await answering(503, { 'retry-after': '120' })
  expect(await sendTo(port)).toEqual({ outcome: 'failed', error: 'HTTP 503', retryAfter: 120_000 })
})

it('a receiver that does not answer in time', async () => {
  const { port } = await listen(() => {})
  expect(await sendTo(port, { timeout: 50 })).toMatchObject({
    outcome: 'timeout',
    error: 'no answer within 0.05 s',
  })
})

it('the status counts where the rest of the reply does not arrive in time', async () => {
  const { port } = await listen((_request, reply) => void reply.writeHead(200).write('a'))
  expect(await sendTo(port, { timeout: 200 })).toMatchObject({ outcome: 'delivered' })
})

it('the status counts where the reply is cut off', async () => {
  const { port } = await listen((_request, reply) => {
    reply.writeHead(200, { 'content-length': '10' }).write('a', () => reply.destroy())
  })
  expect(await sendTo(port)).toMatchObject({ outcome: 'delivered' })
})

it('no more than a bound is read of a reply that does not end', async () => {
  let onClosed = (): void => {}
  const closed = new Promise<void>((resolve) => {
    onClosed = resolve
  })
  const { port } = await listen((request, reply) => {
    request.socket.on('close', onClosed)
    const chunk = Buffer.alloc(16 * 1024)
    const more = (): void => void reply.write(chunk, (error) => (error ? undefined : more()))
    reply.writeHead(200)
    more()
  })
  expect(await sendTo(port)).toMatchObject({ outcome: 'delivered' })
  await closed
})

it('nothing listens: the code of the error, and no address', async () => {
  const { port, server } = await answering(200)
  server.close()
  await once(server, 'close')
  expect(await sendTo(port)).toMatchObject({ outcome: 'unreachable', error: 'ECONNREFUSED' })
})

it('a receiver that closes the connection, or does not speak HTTP', async () => {
  const { port } = await listen((request) => request.socket.destroy())
  expect(await sendTo(port)).toMatchObject({ outcome: 'unreachable', error: 'ECONNRESET' })
  const garbled = await listen((request) => request.socket.end('220 mail.example ESMTP\r\n'))
  expect(await sendTo(garbled.port)).toMatchObject({
    outcome: 'unreachable',
    error: expect.stringMatching(/^HPE_/),
  })
})

it('an attempt is ended when the service stops', async () => {
  const stop = new AbortController()
  const { port } = await listen(() => stop.abort())
  expect(await send(`http://127.0.0.1:${port}/`, {}, stop.signal)).toMatchObject({
    outcome: 'aborted',
  })
  expect(await send(`http://127.0.0.1:${port}/`, {}, stop.signal)).toMatchObject({
    outcome: 'aborted',
  })
})

it('a private address that is not listed is not connected to', async () => {
  let connections = 0
  const { port, server } = await answering(200)
  server.on('connection', () => (connections += 1))
  for (const host of ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]'])
    expect(await send(`http://${host}:${port}/`, { allowed: [] })).toMatchObject({
      outcome: 'forbidden_address',
    })
  expect(connections).toBe(0)
})

it('a name is resolved once, and the connection goes to the address that was checked', async () => {
  const { port } = await answering(200)
  const answers = [['127.0.0.1'], ['10.0.0.1']]
  let questions = 0
  const resolve = async () => answers[questions++] ?? []
  const url = `http://rebinding.example:${port}/`
  expect(await send(url, { resolve })).toMatchObject({ outcome: 'delivered' })
  expect(questions).toBe(1)
  expect(await send(url, { resolve })).toMatchObject({ outcome: 'forbidden_address' })
})

it('a name that has no address, or whose servers do not answer', async () => {
  const url = 'http://receiver.example/'
  const resolve = async () => Promise.reject(new Error('ENOTFOUND receiver.example'))
  expect(await send(url, { resolve })).toMatchObject({
    outcome: 'unreachable',
    error: 'the name has no address',
  })
  const silent = () => new Promise<string[]>(() => {})
  expect(await send(url, { resolve: silent, timeout: 20 })).toMatchObject({ outcome: 'timeout' })
})
