import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { startReceiver } from '../../testing/receiver/index.ts'
import { codeOf, enrol, startWithAdministrator } from '../admin/client.ts'
import { login, reasonOf } from '../harness.ts'

/** An administrator in the console, with a fresh code of the authenticator for each change. */
async function startConsole() {
  const service = await startWithAdministrator({ WEBHOOK_ALLOW: '127.0.0.1', SIGN_UP: 'auto' })
  const { browser, secret } = await enrol(service)
  const code = (): string => {
    service.passTime(30_000)
    return codeOf(service, secret)
  }
  return { service, admin: browser.admin, code }
}

it('a test that fails can be replayed when the receiver works, under the same id', async () => {
  const { admin, code } = await startConsole()
  const { url, calls, answerWith } = await startReceiver(500)
  const events = ['user.deleted' as const]
  const { id, secret } = await admin.webhooks.create.mutate({ url, events, code: code() })
  await admin.webhooks.test.mutate({ webhookId: id })
  const dead = async () => (await admin.webhooks.deliveries.query({})).items
  await expect
    .poll(dead)
    .toMatchObject([
      { webhookId: id, type: 'webhook.test', userId: null, attempts: 1, error: 'HTTP 500' },
    ])
  answerWith(204)
  const [delivery] = await dead()
  await admin.webhooks.replay.mutate({ deliveryId: delivery?.id ?? '' })
  await expect.poll(() => calls.length).toBe(2)
  await expect.poll(dead).toEqual([])
  expect(calls[1]?.headers['webhook-id']).toBe(calls[0]?.headers['webhook-id'])
  const [, { headers, body } = { headers: {}, body: '' }] = calls
  expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'webhook.test' })
})

it('an event is sent at once, signed by both secrets while one is rotated', async () => {
  const { service, admin, code } = await startConsole()
  const { url, calls } = await startReceiver(204)
  const events = ['user.created' as const]
  const { id, secret: former } = await admin.webhooks.create.mutate({ url, events, code: code() })
  const { secret } = await admin.webhooks.rotateSecret.mutate({ webhookId: id, code: code() })
  await login(service, 'ming')
  await expect.poll(() => calls.length).toBe(1)
  const [{ headers, body } = { headers: {}, body: '' }] = calls
  const now = { ...headers }
  expect(now['webhook-signature']?.split(' ')).toHaveLength(2)
  for (const key of [former, secret])
    expect(new Webhook(key).verify(body, now)).toMatchObject({ type: 'user.created' })
})

it('an address that may not be called is refused, and one that has no address now is not', async () => {
  const { admin, code } = await startConsole()
  const events = ['user.created' as const]
  for (const url of ['http://10.0.0.1/', 'http://[::1]/', 'http://169.254.169.254/', 'ftp://x.y/'])
    expect(await reasonOf(admin.webhooks.create.mutate({ url, events, code: '000000' }))).toBe(
      'invalid_input',
    )
  const url = 'https://receiver.invalid/'
  const created = await admin.webhooks.create.mutate({ url, events, code: code() })
  expect(created.secret).toMatch(/^whsec_/)
})
