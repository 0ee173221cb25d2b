import { describe, expect, it } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  reasonOf,
  registerTestUser,
  signInTestUser,
  testOrigin,
  testPassword,
} from '../../../testing/index.ts'
import { conflictKey } from './merge-store.ts'

const hour = 3_600_000

/** `kept` in wx1 and `gone` in wx2, whom a unionid has proved to be one person. */
async function start() {
  const service = createTestService()
  const { actor } = await enrolTestAdmin(service)
  const kept = await registerTestUser(service, { account: 'kept' })
  const gone = await registerTestUser(service, { account: 'gone', appId: 'wx2' })
  for (const { user } of [kept, gone]) await signInTestUser(service, { ...user, unionid: 'union' })
  const [keptId, goneId] = [kept.signedIn.user.id, gone.signedIn.user.id]
  const pair = { unionid: 'union', firstUserId: keptId, secondUserId: goneId }
  const order = { ...conflictKey(pair), keepUserId: keptId }
  return { service, admin: service.admin, actor, kept, gone, keptId, goneId, order }
}

describe('a conflict', () => {
  it('is listed, page by page', async () => {
    const { admin, actor, keptId, goneId, order } = await start()
    const { items, next } = await admin.listConflicts(actor, { limit: 1 })
    expect(items.map(({ unionid }) => unionid)).toEqual(['union'])
    expect([items[0]?.first.id, items[0]?.second.id].sort()).toEqual([keptId, goneId].sort())
    expect(next).toBeNull()
    const page = { limit: 1, cursor: 'nonsense' }
    expect(await reasonOf(admin.listConflicts(actor, page))).toBe('invalid_input')
    await admin.merge(actor, order)
    expect((await admin.listConflicts(actor, { limit: 1 })).items).toEqual([])
  })

  it('is previewed as of now', async () => {
    const { service, admin, actor, order, keptId, goneId } = await start()
    expect(await admin.previewMerge(actor, order)).toMatchObject({
      kept: { id: keptId },
      gone: { id: goneId },
      moves: { identities: [{ appId: 'wx2' }], account: null },
      endedSessions: 2,
    })
    service.clock.advance(30 * 24 * hour)
    expect(await admin.previewMerge(actor, order)).toMatchObject({ endedSessions: 0 })
  })

  it('is previewed and merged for two of its users only', async () => {
    const { admin, actor, order } = await start()
    const third = { ...order, keepUserId: actor.administrator.id }
    expect(await reasonOf(admin.previewMerge(actor, third))).toBe('invalid_input')
    expect(await reasonOf(admin.merge(actor, third))).toBe('invalid_input')
    const unknown = { ...order, unionid: 'another' }
    expect(await reasonOf(admin.previewMerge(actor, unknown))).toBe('not_found')
    expect(await reasonOf(admin.merge(actor, unknown))).toBe('not_found')
    const other = { ...order, keepUserId: order.secondUserId }
    expect(await admin.previewMerge(actor, other)).toMatchObject({
      kept: { id: order.secondUserId },
    })
    expect(await admin.merge(actor, other)).toMatchObject({ kept: { id: order.secondUserId } })
  })
})

describe('merge', () => {
  it('takes one user into the other, and can be undone for 24 hours', async () => {
    const { service, admin, actor, order, keptId, goneId, gone } = await start()
    const now = service.clock.now()
    const merge = await admin.merge(actor, order)
    expect(merge).toEqual({
      id: expect.any(String),
      mergedAt: now,
      undoUntil: now + 24 * hour,
      undoneAt: null,
      kept: { id: keptId, name: 'kept' },
      gone: { id: goneId, name: 'gone' },
      adminId: actor.administrator.id,
      adminName: actor.administrator.account,
    })
    expect(await admin.listMerges(actor)).toEqual([merge])
    const { signedIn } = await signInTestUser(service, gone.user)
    expect(signedIn.user.id).toBe(keptId)
    expect(await reasonOf(service.users.authenticate(gone.signedIn.tokens.accessToken))).toBe(
      'unauthenticated',
    )
  })

  it('refuses the password of the merged user', async () => {
    const { service, admin, actor, order } = await start()
    await admin.merge(actor, order)
    const proof = { appId: 'wx3', code: service.wechat.loginCode({ appId: 'wx3', openid: 'new' }) }
    const credential = { type: 'password', account: 'gone', password: testPassword } as const
    const binding = service.users.bind({ proof, credential, origin: testOrigin })
    expect(await reasonOf(binding)).toBe('user_disabled')
  })

  it('happens once of calls that race', async () => {
    const { admin, actor, order } = await start()
    const results = await Promise.allSettled([
      admin.merge(actor, order),
      admin.merge(actor, { ...order, keepUserId: order.secondUserId }),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })

  it.each(['keptId', 'goneId'] as const)(
    'is refused where %s is an administrator',
    async (which) => {
      const { service, admin, actor, order, ...ids } = await start()
      const { users } = service.store.state
      const user = users.get(ids[which])
      if (user) users.set(user.id, { ...user, role: 'admin' })
      expect(await reasonOf(admin.previewMerge(actor, order))).toBe('forbidden')
      expect(await reasonOf(admin.merge(actor, order))).toBe('forbidden')
      expect(await admin.listMerges(actor)).toEqual([])
    },
  )

  it('is listed among the newest 50', async () => {
    const { service, admin, actor } = await start()
    const merge = { adminId: 'a', mergedAt: 1, undoUntil: 1, undoneAt: null, moved: null }
    const row = { ...merge, keptId: 'k', keptName: null, goneId: 'g', goneName: null }
    for (let count = 0; count < 51; count++)
      service.store.state.merges.set(`m${count}`, { ...row, id: `m${count}` })
    expect(await admin.listMerges(actor)).toHaveLength(50)
  })
})

describe('undoMerge', () => {
  it('gives back what moved, and ends the sessions that it had opened for the kept user', async () => {
    const { service, admin, actor, order, goneId, kept, gone } = await start()
    const { id } = await admin.merge(actor, order)
    const since = await signInTestUser(service, gone.user)
    await admin.undoMerge(actor, id)
    expect(await reasonOf(service.users.authenticate(since.signedIn.tokens.accessToken))).toBe(
      'unauthenticated',
    )
    expect(await service.users.authenticate(kept.signedIn.tokens.accessToken)).toMatchObject({})
    expect((await signInTestUser(service, gone.user)).signedIn.user.id).toBe(goneId)
    expect(await admin.listMerges(actor)).toMatchObject([{ id, undoneAt: service.clock.now() }])
    expect(await reasonOf(admin.undoMerge(actor, id))).toBe('not_found')
  })

  it('is too late after 24 hours', async () => {
    const { service, admin, actor, order } = await start()
    const { id } = await admin.merge(actor, order)
    service.clock.advance(24 * hour)
    expect(await reasonOf(admin.undoMerge(actor, id))).toBe('not_found')
    service.clock.advance(-1)
    await admin.undoMerge(actor, id)
  })
})
