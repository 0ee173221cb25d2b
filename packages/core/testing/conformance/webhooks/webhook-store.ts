import { beforeEach, describe, expect, it } from 'vitest'
import type { FactorProof, ProvenActor } from '../../../src/admin/index.ts'
import { maxWebhooks } from '../../../src/index.ts'
import { failureOf } from '../../failure-of.ts'
import { addPerson } from '../admin/people/people.ts'
import { enrolAdministrator } from '../admin/sign-in/administrators.ts'
import { hour, minute, now, race, registerUser } from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'
import { openQueue } from './fan-out.ts'
import { addWebhook, claim, claimAndSettle, deliverAll, newWebhook } from './webhook-drafts.ts'

const step = 60_000_000

const by = (proof: FactorProof, adminId = 'root'): ProvenActor => ({
  adminId,
  sessionHash: `session of ${adminId}`,
  proof,
})

async function addAdministrator(stores: TestedStores, id = 'root'): Promise<void> {
  await addPerson(stores, { id, account: id, identities: [], sessions: 0 })
  await stores.makeAdmin(id)
  await enrolAdministrator(stores, id)
}

export function describeWebhookStore(make: MakeStores): void {
  describe('the store of webhooks', () => {
    let stores: TestedStores
    beforeEach(async () => {
      stores = await make()
    })
    describe('its changes', () => changesConform(() => stores))
    describe('the code of the administrator who acts', () => proofConforms(() => stores))
    describe('dead deliveries', () => deadConform(() => stores))
  })
}

function changesConform(current: () => TestedStores): void {
  it('are listed in the order of creation', async () => {
    const { webhooks } = current()
    const [first, second] = [newWebhook({ at: now + 1 }), newWebhook({ events: ['user.created'] })]
    for (const each of [first, second]) expect(await webhooks.create(each, null)).toBe('created')
    const state = {
      ...{ createdBy: null, disabledAt: null, disabledReason: null, previousSecretUntil: null },
      ...{ pending: 0, oldestPendingAt: null, lastError: null, dead: 0 },
    }
    const { id, url } = second
    expect(await webhooks.list()).toEqual([
      { id, url, events: ['user.created'], createdAt: now, ...state },
      { id: first.id, url, events: first.events, createdAt: now + 1, ...state },
    ])
  })

  it('make no more webhooks than are allowed, of callers that race too', async () => {
    const { webhooks } = current()
    for (let count = 1; count < maxWebhooks; count++) await webhooks.create(newWebhook(), null)
    const results = await race(3, () => webhooks.create(newWebhook(), null))
    expect(results.sort()).toEqual(['created', 'too_many', 'too_many'])
    expect(await webhooks.list()).toHaveLength(maxWebhooks)
  })

  it('set the address and the events, and keep the first time of disabling', async () => {
    const stores = current()
    const { webhooks } = stores
    const id = await addWebhook(stores)
    const update = (change: object) => webhooks.update({ id, at: now, ...change }, null)
    expect(await update({ url: 'https://other.example/', events: ['user.deleted'] })).toBe(
      'updated',
    )
    for (const at of [now + 1, now + 2]) await update({ enabled: false, at })
    expect(await webhooks.list()).toMatchObject([
      {
        ...{ url: 'https://other.example/', events: ['user.deleted'] },
        ...{ disabledAt: now + 1, disabledReason: 'administrator' },
      },
    ])
    await update({ enabled: true })
    expect(await webhooks.list()).toMatchObject([{ disabledAt: null, disabledReason: null }])
    const change = { id: 'unknown', enabled: false, at: now }
    expect(await webhooks.update(change, null)).toBe('not_found')
  })

  it('rotate the secret, and the one before signs for as long as is asked for', async () => {
    const stores = current()
    const { webhooks } = stores
    const webhook = newWebhook()
    await webhooks.create(webhook, null)
    await registerUser(stores)
    const { id } = webhook
    const rotate = (sealedSecret: string) =>
      webhooks.rotate({ id, sealedSecret, previousUntil: now + hour }, null)
    const secretsAt = async (at: number) => (await claim(stores, id, { at }))[0]?.sealedSecrets
    expect(await rotate('second')).toBe('rotated')
    expect(await secretsAt(now)).toEqual(['second', webhook.sealedSecret])
    await rotate('third')
    expect(await secretsAt(now + hour - 1)).toEqual(['third', 'second'])
    expect(await secretsAt(now + 2 * hour)).toEqual(['third'])
    const change = { id: 'unknown', sealedSecret: 'x', previousUntil: now }
    expect(await webhooks.rotate(change, null)).toBe('not_found')
  })

  it('remove a webhook for one of the callers that race', async () => {
    const stores = current()
    const id = await addWebhook(stores)
    const results = await race(4, () => stores.webhooks.remove(id))
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await stores.webhooks.list()).toEqual([])
  })

  it('send a test to one webhook that is enabled', async () => {
    const stores = current()
    const { webhooks } = stores
    const [id, other] = [await addWebhook(stores, ['user.deleted']), await addWebhook(stores)]
    expect(await webhooks.test({ id, at: now })).toBe(true)
    expect(await deliverAll(stores, id)).toEqual([{ type: 'webhook.test' }])
    expect(await deliverAll(stores, other)).toEqual([])
    await webhooks.update({ id, enabled: false, at: now }, null)
    expect(await webhooks.test({ id, at: now })).toBe(false)
    expect(await webhooks.test({ id: 'unknown', at: now })).toBe(false)
  })
}

function proofConforms(current: () => TestedStores): void {
  it('is consumed by what is done, once, and not by what is refused', async () => {
    const stores = current()
    const { webhooks } = stores
    await addAdministrator(stores)
    const webhook = newWebhook()
    const { id } = webhook
    const proof = (count: number) => by({ step: step + count })
    const rotation = { id, sealedSecret: 'x', previousUntil: now }
    expect(await webhooks.rotate(rotation, proof(1))).toBe('not_found')
    expect(await webhooks.create(webhook, proof(1))).toBe('created')
    expect(await webhooks.create(newWebhook(), proof(1))).toBe('proof_rejected')
    expect(await webhooks.rotate(rotation, proof(1))).toBe('proof_rejected')
    expect(await webhooks.rotate(rotation, proof(2))).toBe('rotated')
    const change = { id, enabled: false, at: now }
    expect(await webhooks.update(change, proof(2))).toBe('proof_rejected')
    expect(await webhooks.update(change, proof(3))).toBe('updated')
    expect(await webhooks.list()).toMatchObject([{ id, createdBy: 'root', disabledAt: now }])
  })

  it('leaves the webhooks of an administrator who is deleted', async () => {
    const stores = current()
    for (const id of ['root', 'boss']) await addAdministrator(stores, id)
    await stores.webhooks.create(newWebhook(), by({ step: step + 1 }, 'boss'))
    await stores.people.remove('boss')
    expect(await stores.webhooks.list()).toMatchObject([{ createdBy: null }])
  })
}

function deadConform(current: () => TestedStores): void {
  const openDead = async () => {
    const stores = current()
    const id = await addWebhook(stores, ['user.created'])
    for (const at of [now, now + 1, now + 2]) {
      await registerUser(stores)
      await claimAndSettle(stores, id, { outcome: 'dead', error: 'HTTP 404', at })
    }
    return { stores, id, webhooks: stores.webhooks }
  }

  it('are listed newest first, page by page', async () => {
    const { webhooks, id } = await openDead()
    const { items, next } = await webhooks.dead({ limit: 2 })
    expect(items.map(({ deadAt }) => deadAt)).toEqual([now + 2, now + 1])
    const rest = await webhooks.dead({ limit: 2, cursor: next ?? '', webhookId: id })
    expect(rest).toMatchObject({
      items: [
        {
          ...{ webhookId: id, type: 'user.created', occurredAt: now, attempts: 1 },
          ...{ error: 'HTTP 404', deadAt: now },
        },
      ],
      next: null,
    })
    expect(await webhooks.dead({ limit: 9, webhookId: 'unknown' })).toMatchObject({ items: [] })
    expect((await failureOf(webhooks.dead({ limit: 9, cursor: 'x' }))).reason).toBe('invalid_input')
  })

  it('are sent again from the first attempt on, one or all of a webhook', async () => {
    const { stores, webhooks, id } = await openDead()
    const { items } = await webhooks.dead({ limit: 9 })
    const [one] = items
    expect(await webhooks.replay({ id: one?.id ?? '' }, now + hour)).toBe(1)
    expect(await claim(stores, id)).toEqual([])
    expect(await claim(stores, id, { at: now + hour })).toMatchObject([
      { id: one?.id, eventId: one?.eventId, attempts: 0 },
    ])
    expect(await webhooks.replay({ webhookId: id }, now)).toBe(2)
    expect(await webhooks.replay({ webhookId: id }, now)).toBe(0)
    expect(await webhooks.replay({ id: one?.id ?? '' }, now)).toBe(0)
    expect(await claim(stores, id)).toHaveLength(2)
  })

  it('are sent after a later one of the user that is under way, and before what waits', async () => {
    const { stores, webhookId, userId } = await openQueue(async () => current())
    await claimAndSettle(stores, webhookId, { outcome: 'dead', error: 'x' })
    await stores.serviceUsers.update(userId, { externalId: '42', at: now })
    const lease = 'lease'
    const [later] = await claim(stores, webhookId, { lease })
    expect(later?.type).toBe('identity.bound')
    expect(await stores.webhooks.replay({ webhookId }, now)).toBe(1)
    expect(await claim(stores, webhookId)).toEqual([])
    const outcome = { id: later?.id ?? '', outcome: 'delivered' } as const
    await stores.webhookDeliveries.settle(lease, [outcome], now)
    const types = (await deliverAll(stores, webhookId)).map(({ type }) => type)
    expect(types).toEqual(['user.created', 'user.updated'])
  })

  it('of several of a user are sent in order, also where the process was killed that sent a later one', async () => {
    const { stores, webhookId, userId } = await openQueue(async () => current())
    for (let count = 0; count < 2; count++)
      await claimAndSettle(stores, webhookId, { outcome: 'dead', error: 'x' })
    await stores.serviceUsers.update(userId, { externalId: '42', at: now })
    expect(await claim(stores, webhookId)).toHaveLength(1)
    expect(await stores.webhooks.replay({ webhookId }, now)).toBe(2)
    expect(await claim(stores, webhookId, { at: now + minute - 1 })).toEqual([])
    const at = now + minute
    const sent: string[] = []
    for (let count = 0; count < 3; count++)
      sent.push((await claimAndSettle(stores, webhookId, { outcome: 'delivered', at })).type)
    expect(sent).toEqual(['user.created', 'identity.bound', 'user.updated'])
  })

  it('are discarded, one or all of a webhook', async () => {
    const { webhooks, id } = await openDead()
    const { items } = await webhooks.dead({ limit: 9 })
    expect(await webhooks.discard({ id: items[1]?.id ?? '' })).toBe(1)
    expect(await webhooks.discard({ id: 'unknown' })).toBe(0)
    expect(await webhooks.discard({ webhookId: 'unknown' })).toBe(0)
    expect(await webhooks.discard({ webhookId: id })).toBe(2)
    expect(await webhooks.list()).toMatchObject([{ dead: 0 }])
  })

  it('of a user are dropped when the user is deleted', async () => {
    const { stores, webhooks } = await openDead()
    const { items } = await webhooks.dead({ limit: 9 })
    await stores.people.remove(items[0]?.userId ?? '')
    expect((await webhooks.dead({ limit: 9 })).items).toHaveLength(2)
  })
}
