import { describe, expect, it } from 'vitest'
import { reasonOf, registerTestUser, startSecondSignIn } from '../../../testing/index.ts'
import { maxWebhooks, maxWebhookUrlLength } from '../../webhooks/webhook.ts'
import { maxOverlap } from '../service-keys/draft-service-key.ts'

const hour = 3_600_000
const created = {
  url: 'https://receiver.example/hook',
  events: ['user.created', 'user.created'] as const,
}

async function openConsole() {
  const second = await startSecondSignIn()
  const { service, actor } = second
  /** The code of the next time step. */
  const nextCode = (): string => {
    service.clock.advance(30_000)
    return second.code()
  }
  const create = (change: object = {}) =>
    service.admin.createWebhook(actor, { ...created, code: nextCode(), ...change })
  return { ...second, nextCode, create }
}

describe('a webhook in the console', () => {
  it('is created with a code, and its secret is shown once and stored sealed', async () => {
    const { service, actor, adminId, create } = await openConsole()
    const { admin, store, clock } = service
    const { id, secret } = await create()
    expect((await admin.listWebhooks(actor)).webhooks).toEqual([
      {
        ...{ id, url: created.url, events: ['user.created'], createdBy: adminId },
        ...{ createdAt: clock.now(), disabledAt: null, disabledReason: null },
        ...{
          previousSecretUntil: null,
          pending: 0,
          oldestPendingAt: null,
          lastError: null,
          dead: 0,
        },
      },
    ])
    expect(store.state.webhooks.get(id)?.sealedSecret).toBe(`${id}: ${secret}`)
    expect(service.events.at(-2)).toMatchObject({
      ...{ action: 'admin.webhooks.create', outcome: 'ok', adminId, userId: id },
    })
    expect(JSON.stringify(service.events)).not.toContain(secret)
  })

  it('is not created for an address that may not be called, without events or the code', async () => {
    const { service, create } = await openConsole()
    const long = `https://a.example/${'a'.repeat(maxWebhookUrlLength)}`
    for (const url of ['ftp://a.example', 'https://localhost/', long, ''])
      expect(await reasonOf(create({ url }))).toBe('invalid_input')
    for (const events of [[], ['user.born'], ['webhook.test']])
      expect(await reasonOf(create({ events }))).toBe('invalid_input')
    expect(await reasonOf(create({ code: '000000' }))).toBe('credential_rejected')
    expect(service.store.state.webhooks.size).toBe(0)
    for (let count = 0; count < maxWebhooks; count++) await create()
    expect(await reasonOf(create())).toBe('invalid_input')
  })

  it('is accepted with a name that has no address yet', async () => {
    const { service, create } = await openConsole()
    await create({ url: 'https://later.example/' })
    expect(service.store.state.webhooks.size).toBe(1)
  })

  it('is changed with a code, and the new address is checked too', async () => {
    const { service, actor, nextCode, create } = await openConsole()
    const { admin } = service
    const { id } = await create()
    const update = (change: object) =>
      admin.updateWebhook(actor, { id, code: nextCode(), ...change })
    await update({ enabled: false, events: ['user.deleted'] })
    expect((await admin.listWebhooks(actor)).webhooks).toMatchObject([
      { url: created.url, events: ['user.deleted'], disabledReason: 'administrator' },
    ])
    expect(await reasonOf(update({ url: 'https://localhost/' }))).toBe('invalid_input')
    expect(await reasonOf(update({ events: [] }))).toBe('invalid_input')
    expect(await reasonOf(update({ id: 'unknown' }))).toBe('not_found')
    expect(await reasonOf(update({ code: '000000' }))).toBe('credential_rejected')
  })

  it('gets another secret with a code, and the one before signs for a day or as long as is asked for', async () => {
    const { service, actor, nextCode, create } = await openConsole()
    const { admin, clock } = service
    const { id, secret } = await create()
    const rotate = (change: object) =>
      admin.rotateWebhookSecret(actor, { id, code: nextCode(), ...change })
    const rotated = await rotate({})
    expect(rotated.secret).not.toBe(secret)
    expect(rotated.previousUntil).toBe(clock.now() + 24 * hour)
    expect((await rotate({ overlap: 0 })).previousUntil).toBe(clock.now())
    for (const overlap of [-1, maxOverlap + 1, Number.NaN])
      expect(await reasonOf(rotate({ overlap }))).toBe('invalid_input')
    expect(await reasonOf(rotate({ code: '000000' }))).toBe('credential_rejected')
    expect(await reasonOf(rotate({ id: 'unknown' }))).toBe('not_found')
  })

  it('is tested and removed without a code', async () => {
    const { service, actor, create } = await openConsole()
    const { admin, store } = service
    const { id } = await create()
    await admin.testWebhook(actor, id)
    expect([...store.state.deliveries.values()]).toMatchObject([{ type: 'webhook.test' }])
    expect(await reasonOf(admin.testWebhook(actor, 'unknown'))).toBe('not_found')
    await admin.removeWebhook(actor, id)
    expect(await reasonOf(admin.removeWebhook(actor, id))).toBe('not_found')
    expect((await admin.listWebhooks(actor)).webhooks).toEqual([])
  })

  it('has dead deliveries that are listed, replayed and discarded', async () => {
    const { service, actor, create } = await openConsole()
    const { admin, store, clock } = service
    const { id: webhookId } = await create()
    const { signedIn } = await registerTestUser(service, { account: 'ming' })
    const lease = { webhookId, lease: 'lease', limit: 1 }
    const times = { now: clock.now(), leaseUntil: clock.now() + hour }
    await store.webhookDeliveries.fanOut()
    const [delivery] = await store.webhookDeliveries.claim({ ...lease, ...times })
    const id = delivery?.id ?? ''
    const dead = { id, outcome: 'dead', error: 'HTTP 500' } as const
    await store.webhookDeliveries.settle('lease', [dead], clock.now())
    expect(await admin.listDeadDeliveries(actor, { webhookId, limit: 9 })).toMatchObject({
      items: [{ id, userId: signedIn.user.id, type: 'user.created', error: 'HTTP 500' }],
    })
    expect(await admin.replayDeliveries(actor, { id })).toBe(1)
    expect(await admin.discardDeliveries(actor, { webhookId })).toBe(0)
    expect(service.events.slice(-4).map(({ action, userId }) => [action, userId])).toEqual([
      ['admin.webhooks.replay', null],
      ['admin.webhooks.replay', null],
      ['admin.webhooks.discard', webhookId],
      ['admin.webhooks.discard', webhookId],
    ])
  })
})
