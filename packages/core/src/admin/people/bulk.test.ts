import { expect, it } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  makeTestAdmin,
  reasonOf,
  registerTestUser,
} from '../../../testing/index.ts'
import { maxBulk } from './bulk-order.ts'

async function withPeople() {
  const service = createTestService()
  const { actor } = await enrolTestAdmin(service)
  const [ann, bob, cid] = await Promise.all(
    ['annie', 'bobby', 'cidney'].map((account) => registerTestUser(service, { account })),
  )
  const ids = [ann, bob, cid].map((user) => user?.signedIn.user.id ?? '')
  const before = service.events.length
  return { service, admin: service.admin, actor, ids, since: () => service.events.slice(before) }
}

it('a preview tells what will happen, and changes nothing', async () => {
  const { service, admin, actor, ids } = await withPeople()
  const [ann = '', bob = '', cid = ''] = ids
  await service.store.people.disable(bob, service.clock.now())
  const other = await makeTestAdmin(service, 'other')
  const userIds = [ann, bob, cid, ann, other, 'unknown']
  expect(await admin.previewBulk(actor, { action: 'disable', userIds })).toEqual({
    people: 2,
    sessions: 2,
    skipped: [
      { userId: bob, why: 'disabled' },
      { userId: other, why: 'administrator' },
      { userId: 'unknown', why: 'not_found' },
    ],
  })
  expect(await admin.previewBulk(actor, { action: 'endSessions', userIds: [ann, bob] })).toEqual({
    people: 1,
    sessions: 1,
    skipped: [{ userId: bob, why: 'no_sessions' }],
  })
  expect((await service.store.people.find(ann))?.disabledAt).toBeNull()
})

it('each user who is disabled has a line of the audit log, and the reason as a note', async () => {
  const { service, admin, actor, ids, since } = await withPeople()
  const [ann = '', bob = ''] = ids
  const order = { action: 'disable', userIds: [ann, bob, 'unknown'], reason: ' spam ' } as const
  expect(await admin.runBulk(actor, order)).toEqual({
    people: 2,
    sessions: 2,
    skipped: [{ userId: 'unknown', why: 'not_found' }],
  })
  for (const id of [ann, bob]) {
    expect((await service.store.people.find(id))?.disabledAt).not.toBeNull()
    const { notes, sessions } = await admin.viewPerson(actor, id)
    expect(sessions).toEqual([])
    expect(notes).toMatchObject([{ text: 'spam', adminName: 'root' }])
  }
  const lines = since().filter(({ action }) => action !== 'admin.people.view')
  expect(lines.map(({ action, outcome, userId }) => [action, outcome, userId])).toEqual([
    ['admin.people.bulk', 'started', null],
    ['admin.people.disable', 'ok', ann],
    ['admin.people.disable', 'ok', bob],
    ['admin.people.bulk', 'ok', null],
  ])
})

it('sessions end, and the users stay enabled', async () => {
  const { service, admin, actor, ids } = await withPeople()
  const order = { action: 'endSessions', userIds: ids, reason: 'phones were stolen' } as const
  expect(await admin.runBulk(actor, order)).toEqual({ people: 3, sessions: 3, skipped: [] })
  expect(await service.store.sessions.list(ids[0] ?? '', service.clock.now())).toEqual([])
  expect((await service.store.people.find(ids[0] ?? ''))?.disabledAt).toBeNull()
  expect(service.events.filter(({ action }) => action === 'admin.people.endSessions')).toHaveLength(
    3,
  )
})

it('no users, too many users and an empty reason are refused before anything is done', async () => {
  const { service, admin, actor, ids } = await withPeople()
  const many = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`)
  const order = { action: 'disable', userIds: ids } as const
  expect(await reasonOf(admin.runBulk(actor, { ...order, reason: ' ' }))).toBe('invalid_input')
  expect(await reasonOf(admin.runBulk(actor, { ...order, reason: 'x'.repeat(501) }))).toBe(
    'invalid_input',
  )
  for (const userIds of [[], many(maxBulk + 1)])
    expect(await reasonOf(admin.previewBulk(actor, { ...order, userIds }))).toBe('invalid_input')
  const most = await admin.previewBulk(actor, { ...order, userIds: many(maxBulk) })
  expect(most.skipped).toHaveLength(maxBulk)
  expect((await service.store.people.find(ids[0] ?? ''))?.disabledAt).toBeNull()
})
