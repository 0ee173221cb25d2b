import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { expect, it, onTestFinished } from 'vitest'
import { type HarnessOptions, startHarness } from '../../torture/harness/harness.ts'
import { createWebhook } from './create-webhook.ts'

const secretKey = Buffer.alloc(32, 'secret key 9').toString('base64')
const allow = { WEBHOOK_ALLOW: '127.0.0.1/32' }
const everyType = [
  ...['user.created', 'user.updated', 'user.deleted', 'identity.bound', 'identity.unbound'],
  'session.ended',
]

interface Call {
  readonly headers: Record<string, string>
  readonly body: string
}

type Answer = (reply: ServerResponse, request: IncomingMessage) => void
const accept: Answer = (reply) => reply.writeHead(204).end()

/** A receiver in this process, whose answer a test can change. */
async function listen() {
  const calls: Call[] = []
  const state = { answer: accept }
  const server = createServer(async (request, reply) => {
    const body = (await request.toArray()).join('')
    calls.push({ headers: request.headers as Record<string, string>, body })
    state.answer(reply, request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const types = () => calls.map(({ body }) => JSON.parse(body).type as string)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?tenant=sentinel`
  return { url, calls, types, answerWith: (answer: Answer) => Object.assign(state, { answer }) }
}

async function startWithWebhook(options: HarnessOptions = {}, events = everyType) {
  const harness = await startHarness({ ...options, env: { ...allow, ...options.env } })
  const receiver = await listen()
  const env = { ...allow, DATABASE_URL: `file:${harness.file}`, SECRET_KEY: secretKey }
  const secret = await createWebhook(harness.cwd, env, { url: receiver.url, events })
  return { harness, receiver, secret }
}

it('what happens to a user is sent in order, and the library of Standard Webhooks verifies it', async () => {
  const { harness, receiver, secret } = await startWithWebhook()
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  const { tokens, user } = await harness.signIn('ming')
  const token = tokens.accessToken
  const renamed = { input: { nickname: '小明' }, token }
  expect((await harness.client.call('account.updateProfile', renamed)).reason).toBeNull()
  await harness.client.call('session.signOut', { input: {}, token })
  await expect.poll(receiver.types).toContain('session.ended')
  const types = receiver.types()
  expect(types[0]).toBe('user.created')
  expect(types.slice(-2)).toEqual(['user.updated', 'session.ended'])
  const webhook = new Webhook(secret)
  for (const { headers, body } of receiver.calls) {
    expect(webhook.verify(body, headers)).toMatchObject({ data: { userId: user.id } })
    expect(() => webhook.verify(body.slice(0, -1), headers)).toThrow('No matching signature')
    const forged = { ...headers, 'webhook-id': 'evt_other' }
    expect(() => webhook.verify(body, forged)).toThrow('No matching signature')
  }
  expect(receiver.calls.map(({ body }) => body).join()).not.toContain('小明')
  expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(
    types.length,
  )
})

it('a failed call is repeated with the same id and body, and a new time', async () => {
  const { harness, receiver } = await startWithWebhook({}, ['user.created'])
  receiver.answerWith((reply) => {
    receiver.answerWith(accept)
    reply.writeHead(503).end()
  })
  await harness.signIn('ming')
  await expect.poll(() => receiver.calls.length).toBe(2)
  const [first, second] = receiver.calls
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  expect(second?.body).toBe(first?.body)
  expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp'])
})

it('of a deleted person nothing is sent but the deletion, also what had failed before', async () => {
  const { harness, receiver } = await startWithWebhook()
  receiver.answerWith((reply) => reply.writeHead(500).end())
  const { tokens, user } = await harness.signIn('ming')
  const other = await harness.signIn('hong')
  await expect.poll(() => receiver.calls.length).toBeGreaterThan(1)
  const input = { confirm: true, code: harness.wechat.loginCode('ming') }
  const request = { input, token: tokens.accessToken }
  const deleted = await harness.client.call('account.delete', request)
  expect(deleted.reason).toBeNull()
  const before = receiver.calls.length
  receiver.answerWith(accept)
  const sent = () =>
    receiver.calls
      .slice(before)
      .map(({ body }) => JSON.parse(body) as { type: string; data: { userId: string } })
  await expect.poll(() => sent().map(({ type }) => type)).toContain('user.deleted')
  await expect.poll(() => sent().map(({ data }) => data.userId)).toContain(other.user.id)
  expect(sent().filter(({ data }) => data.userId === user.id)).toMatchObject([
    { type: 'user.deleted', data: { userId: user.id } },
  ])
})

it('a receiver that answers 410 is called once, and its webhook is disabled', async () => {
  const { harness, receiver } = await startWithWebhook()
  receiver.answerWith((reply) => reply.writeHead(410).end())
  await harness.signIn('ming')
  await expect.poll(harness.log).toContain('the webhook is disabled')
  await harness.signIn('hong')
  const metrics = (await harness.client.send('/metrics')).body
  expect(metrics).toContain('mianmi_webhook_attempts_total{outcome="gone"} 1\n')
  expect(receiver.calls).toHaveLength(1)
})

it('an attempt under way at SIGTERM may end, and what it leaves is sent at the next start', async () => {
  const { harness, receiver } = await startWithWebhook({}, ['user.created', 'session.ended'])
  let answered = false
  receiver.answerWith((reply) => {
    receiver.answerWith(accept)
    setTimeout(() => {
      answered = true
      accept(reply, reply.req)
    }, 1_000)
  })
  const { tokens } = await harness.signIn('ming')
  await expect.poll(() => receiver.calls.length).toBe(1)
  await harness.client.call('session.signOut', { input: {}, token: tokens.accessToken })
  expect(await harness.stop('SIGTERM')).toBe(0)
  expect(answered).toBe(true)
  expect(receiver.types()).toEqual(['user.created'])
  await harness.restart()
  await expect.poll(receiver.types).toEqual(['user.created', 'session.ended'])
})

it('a receiver that does not answer does not hold up a stop, and its event is sent after the next start', async () => {
  const { harness, receiver } = await startWithWebhook({}, ['user.created'])
  receiver.answerWith(() => {})
  await harness.signIn('ming')
  await expect.poll(() => receiver.calls.length).toBe(1)
  expect(await harness.stop('SIGTERM')).toBe(0)
  receiver.answerWith(accept)
  await harness.restart()
  await expect.poll(() => receiver.calls.length).toBe(2)
  expect(receiver.calls[1]?.headers['webhook-id']).toBe(receiver.calls[0]?.headers['webhook-id'])
})

it('no line of the log has the secret, the address or the content of a call', async () => {
  const { harness, receiver, secret } = await startWithWebhook({ env: { LOG_LEVEL: 'trace' } })
  receiver.answerWith((reply) => reply.writeHead(500).end('sentinel answer'))
  for (let user = 0; user < 6; user++) await harness.signIn(`user-${user}`)
  await expect.poll(harness.log).toContain('a webhook fails and is paused')
  expect(await harness.stop()).toBe(0)
  for (const text of [secret.slice(6), 'tenant=sentinel', 'sentinel answer', 'o-user-0'])
    expect(harness.log()).not.toContain(text)
})

it('an address that may not be called is refused before it is stored, in one line', async () => {
  const { cwd, file } = await startHarness()
  const env = { DATABASE_URL: `file:${file}`, SECRET_KEY: secretKey }
  const create = (url: string) => createWebhook(cwd, env, { url, events: ['user.created'] })
  for (const url of ['http://127.0.0.1:8080/', 'http://[::ffff:10.0.0.1]/', 'ftp://example.com/'])
    await expect(create(url)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^[^\n]+\n$/),
    })
})
