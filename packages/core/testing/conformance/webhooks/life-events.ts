import { expect, it } from 'vitest'
import { mergePair, openPair, orderOf } from '../admin/merges/merge-drafts.ts'
import { addPeople, noteConflict } from '../admin/people/people.ts'
import { hour, minute, newUser, now, registerUser, rules } from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'
import { addWebhook, claim, claimAndSettle, deliverAll } from './webhook-drafts.ts'

export function lifeEvents(make: MakeStores): void {
  it('a deletion drops what is pending and dead of the user, and tells nothing but itself', async () => {
    const stores = await make()
    const webhookId = await addWebhook(stores)
    const { user, identity, session } = await registerUser(stores)
    const { user: other } = await registerUser(stores)
    await stores.serviceUsers.update(user.id, { externalId: '42', at: now })
    const caller = { sessionId: session.id, userId: user.id, now }
    const removed = await stores.users.removeCaller({ caller, provenBy: identity })
    expect(removed).toBe('removed')
    expect(await deliverAll(stores, webhookId)).toEqual([
      expect.objectContaining({ type: 'user.created', userId: other.id }),
      expect.objectContaining({ type: 'identity.bound', userId: other.id }),
      { type: 'user.deleted', userId: user.id, externalId: '42' },
    ])
    await stores.people.remove(other.id)
    expect(await deliverAll(stores, webhookId)).toMatchObject([{ userId: other.id }])
  })

  it('a deletion is due when the attempts under way are over', async () => {
    const stores = await make()
    const webhookId = await addWebhook(stores)
    const { user } = await registerUser(stores)
    const lease = 'lease'
    const [delivery] = await claim(stores, webhookId, { lease })
    await stores.users.remove(user.id)
    expect(await claim(stores, webhookId)).toEqual([])
    // Too late for the delivery that is under way: it is gone.
    const outcome = { id: delivery?.id ?? '', outcome: 'dead', error: 'x' } as const
    await stores.webhookDeliveries.settle(lease, [outcome], now)
    expect(await stores.webhookDeliveries.counts()).toMatchObject({ pending: 1, dead: 0 })
    const at = now + 60_000
    expect(await claim(stores, webhookId, { at: at - 1 })).toEqual([])
    expect(await deliverAll(stores, webhookId, at)).toMatchObject([{ type: 'user.deleted' }])
  })

  it.each([
    ['is a delivery', true],
    ['waits for the fan-out', false],
  ])(
    'a deletion and a merge that %s are due when the attempts under way are over',
    async (_what, isFannedOut) => {
      const stores = await openPair(make)
      const webhookId = await addWebhook(stores, ['user.disabled', 'user.merged', 'user.deleted'])
      await stores.people.disable('kept', now)
      const [first] = await claim(stores, webhookId)
      expect(first?.type).toBe('user.disabled')
      await mergePair(stores)
      if (isFannedOut) await stores.webhookDeliveries.fanOut()
      // Later the merged user is no part of the deletion.
      await registerUser(stores, { user: newUser({ createdAt: now + 25 * hour }) })
      await stores.people.remove('kept')
      const at = now + minute
      expect(await claim(stores, webhookId, { at: at - 1 })).toEqual([])
      expect(await namesOf(stores, webhookId, at)).toEqual([
        'user.merged kept',
        'user.deleted kept',
      ])
    },
  )

  it('a merge is told once, ends the sessions of the merged user, and keeps the order of both', async () => {
    const stores = await openPair(make)
    const webhookId = await addWebhook(stores)
    await stores.serviceUsers.update('gone', { externalId: '42', at: now })
    await stores.people.disable('kept', now)
    await mergePair(stores)
    await stores.people.enable('kept')
    const [first, ...others] = await claim(stores, webhookId)
    // One person: only the oldest can be claimed.
    expect(others).toEqual([])
    expect(first?.type).toBe('user.updated')
    const events = await deliverAll(stores, webhookId, now + hour)
    const types = events.map(({ type, userId }) => `${type} ${userId}`)
    expect(types.filter((name) => !name.startsWith('session'))).toEqual([
      ...['user.updated gone', 'user.disabled kept', 'user.merged kept', 'user.enabled kept'],
    ])
    const merged = events.find(({ type }) => type === 'user.merged')
    expect(merged).toMatchObject({ mergedUserId: 'gone', mergedExternalId: '42' })
  })

  it('an undo is told, and what is to be sent about either user goes with the user', async () => {
    const gone = await openPair(make)
    const webhookOfGone = await addWebhook(gone)
    await mergePair(gone)
    expect(await gone.merges.undo('m1', rules)).toBe('undone')
    await gone.people.remove('gone')
    expect(await namesOf(gone, webhookOfGone)).toEqual(['user.deleted gone'])
    const stores = await openPair(make)
    const webhookId = await addWebhook(stores, ['user.merged', 'user.unmerged'])
    await mergePair(stores)
    await stores.merges.undo('m1', rules)
    const of = { userId: 'kept', mergedUserId: 'gone', mergedExternalId: null }
    expect(await deliverAll(stores, webhookId)).toMatchObject([
      { type: 'user.merged', ...of },
      { type: 'user.unmerged', ...of },
    ])
  })

  it('a webhook that was disabled learns of merges and deletions, in order, and of nothing else', async () => {
    const stores = await openPair(make)
    const webhookId = await addWebhook(stores)
    const other = await addWebhook(stores, ['user.updated'])
    const { webhooks } = stores
    for (const id of [webhookId, other])
      await webhooks.update({ id, enabled: false, at: now }, null)
    await stores.serviceUsers.update('gone', { externalId: '42', at: now })
    await mergePair(stores)
    await stores.merges.undo('m1', rules)
    const { user } = await registerUser(stores)
    await stores.people.remove(user.id)
    await stores.people.remove('kept')
    for (const id of [webhookId, other]) await webhooks.update({ id, enabled: true, at: now }, null)
    expect(await deliverAll(stores, other)).toEqual([])
    const events = await deliverAll(stores, webhookId)
    expect(events.map(({ type, userId }) => `${type} ${userId}`)).toEqual([
      ...['user.merged kept', 'user.unmerged kept'],
      ...[`user.deleted ${user.id}`, 'user.deleted kept'],
    ])
    expect(events[0]).toMatchObject({ mergedUserId: 'gone', mergedExternalId: '42' })
  })

  it('a deletion is told of each user who was merged into the deleted one', async () => {
    const stores = await openPair(make)
    const webhookId = await addWebhook(stores)
    await mergePair(stores)
    await stores.people.remove('kept')
    expect(await namesOf(stores, webhookId)).toEqual(['user.deleted kept', 'user.deleted gone'])
  })

  it('an undone merge is told before the deletion of the kept user, so that the receiver has the other one again', async () => {
    const stores = await openPair(make)
    const webhookId = await addWebhook(stores)
    await mergePair(stores)
    await deliverAll(stores, webhookId)
    await stores.merges.undo('m1', rules)
    await stores.people.disable('kept', now)
    await stores.people.disable('gone', now)
    await stores.people.remove('kept')
    const events = await deliverAll(stores, webhookId)
    expect(events.filter(({ userId }) => userId === 'kept')).toEqual([
      {
        ...{ type: 'user.unmerged', userId: 'kept', externalId: null },
        ...{ mergedUserId: 'gone', mergedExternalId: null },
      },
      { type: 'user.deleted', userId: 'kept', externalId: null },
    ])
    expect(events.filter(({ userId }) => userId === 'gone')).toMatchObject([
      { type: 'user.disabled' },
    ])
  })

  it('the deletion of the kept user waits for the undo of the merge, which goes with the other user', async () => {
    const stores = await openPair(make)
    const webhookId = await addWebhook(stores, ['user.unmerged', 'user.deleted'])
    await mergePair(stores)
    await stores.merges.undo('m1', rules)
    const dueAt = now + hour
    await claimAndSettle(stores, webhookId, { outcome: 'retry', dueAt, error: 'x' })
    await stores.people.remove('kept')
    expect(await claim(stores, webhookId, { at: dueAt - 1 })).toEqual([])
    await stores.people.remove('gone')
    expect(await namesOf(stores, webhookId, dueAt)).toEqual([
      'user.deleted kept',
      'user.deleted gone',
    ])
  })

  it('an undo that was given up goes with the kept user', async () => {
    const stores = await openPair(make)
    const webhookId = await addWebhook(stores, ['user.unmerged'])
    await mergePair(stores)
    await stores.merges.undo('m1', rules)
    await claimAndSettle(stores, webhookId, { outcome: 'dead', error: 'x' })
    await stores.people.remove('kept')
    expect(await stores.webhookDeliveries.counts()).toMatchObject({ pending: 0, dead: 0 })
  })

  it('what happened before a merge to a user who lives on is sent after the deletion of the kept one too', async () => {
    const stores = await openPair(make)
    const webhookId = await addWebhook(stores, ['user.updated', 'user.disabled', 'user.deleted'])
    await stores.serviceUsers.update('gone', { externalId: '42', at: now })
    await stores.people.disable('kept', now)
    await mergePair(stores)
    await stores.merges.undo('m1', rules)
    await stores.people.remove('kept')
    expect(await namesOf(stores, webhookId)).toEqual(['user.updated gone', 'user.deleted kept'])
  })

  it('a merged user who is removed before the merge was sent is told by the merge, without what happened before it', async () => {
    const stores = await openPair(make)
    const webhookId = await addWebhook(stores)
    await stores.serviceUsers.update('gone', { externalId: '42', at: now })
    await mergePair(stores)
    await registerUser(stores, { user: newUser({ createdAt: now + 25 * hour }) })
    expect(await stores.people.find('gone')).toBeNull()
    await stores.people.remove('kept')
    const events = await deliverAll(stores, webhookId)
    expect(events.filter(({ userId }) => ['kept', 'gone'].includes(`${userId}`))).toMatchObject([
      { type: 'user.merged', userId: 'kept', mergedUserId: 'gone', mergedExternalId: '42' },
      { type: 'user.deleted', userId: 'kept' },
    ])
  })

  it('a user who was merged on is told as deleted after the undo that waited', async () => {
    const stores = await openPair(make)
    await addPeople(stores, [{ id: 'third' }])
    await mergePair(stores)
    const webhookId = await addWebhook(stores, ['user.unmerged', 'user.deleted'])
    await stores.merges.undo('m1', rules)
    await noteConflict(stores, { unionid: 'other', userIds: ['third', 'kept'] })
    await mergePair(stores, 'm2', orderOf('third', 'kept', 'other'))
    await stores.people.remove('third')
    const [first, ...others] = await claim(stores, webhookId)
    expect(others).toEqual([])
    expect(first?.type).toBe('user.unmerged')
  })

  it('a merged user whose time is over is removed without an event, and the kept one with all of it', async () => {
    const stores = await openPair(make)
    await mergePair(stores)
    const webhookId = await addWebhook(stores)
    const createdAt = now + 25 * hour
    await registerUser(stores, { user: newUser({ createdAt }) })
    const events = await deliverAll(stores, webhookId)
    expect(events.map(({ type }) => type)).toEqual(['user.created', 'identity.bound'])
    await stores.people.remove('kept')
    expect(await deliverAll(stores, webhookId)).toMatchObject([
      { type: 'user.deleted', userId: 'kept' },
    ])
  })
}

/** Delivers all that is due, and returns type and user of each event, but for the ended sessions. */
async function namesOf(stores: TestedStores, webhookId: string, at?: number): Promise<string[]> {
  const events = await deliverAll(stores, webhookId, at)
  return events
    .filter(({ type }) => type !== 'session.ended')
    .map(({ type, userId }) => `${type} ${userId}`)
}
