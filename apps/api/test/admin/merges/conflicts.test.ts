import { describe, expect, it } from 'vitest'
import { appId, login, otherAppId, reasonOf, ticketFor } from '../../harness.ts'
import { startSignedIn } from '../signed-in-administrator.ts'

/** Ming, registered in two apps before a unionid shows that both are the same person. */
async function startWithConflict() {
  const parts = await startSignedIn()
  const { service, admin } = parts
  await service.playWechat('person', { user: 'ming', unionid: null })
  const proofIn = async (app: string) => ({ ticket: await ticketFor(service, 'ming', app) })
  const register = async (app: string, account: string) => {
    const proof = await proofIn(app)
    const made = { proof, account, password: 'correct horse' }
    return (await service.client().register.mutate(made)).user.id
  }
  const users = [await register(appId, 'ming-one'), await register(otherAppId, 'ming-two')]
  await service.playWechat('person', { user: 'ming', unionid: 'late-unionid' })
  for (const app of [appId, otherAppId]) await login(service, 'ming', app)
  const { items } = await admin.conflicts.list.query({})
  const [conflict] = items
  if (conflict === undefined || items.length !== 1) throw new Error('one conflict is expected')
  const [kept = '', gone = ''] = users
  const order = {
    unionid: conflict.unionid,
    firstUserId: conflict.first.id,
    secondUserId: conflict.second.id,
    keepUserId: kept,
  }
  return { ...parts, conflict, order, kept, gone }
}

describe('an administrator who resolves a conflict', () => {
  it('sees both, merges them as the preview said, and undoes it', async () => {
    const { service, admin, operatorId, conflict, order, kept, gone } = await startWithConflict()
    expect(conflict.unionid).toBe('late-unionid')
    expect([conflict.first.account, conflict.second.account].sort()).toEqual([
      'ming-one',
      'ming-two',
    ])
    const preview = await admin.conflicts.preview.query(order)
    expect(preview).toMatchObject({
      kept: { id: kept },
      gone: { id: gone },
      moves: { account: null, password: false, identities: [{ appId: otherAppId }] },
      stays: { account: 'ming-one', identities: [] },
      endedSessions: 2,
    })
    const { merge } = await admin.conflicts.merge.mutate(order)
    expect(merge).toMatchObject({
      kept: { id: kept, name: 'ming-one' },
      gone: { id: gone, name: 'ming-two' },
      undoneAt: null,
      operatorId,
    })
    expect(Date.parse(merge.undoUntil) - Date.parse(merge.mergedAt)).toBe(24 * 3_600_000)
    expect(await login(service, 'ming', otherAppId)).toMatchObject({ user: { id: kept } })
    expect((await admin.conflicts.list.query({})).items).toEqual([])
    expect((await admin.people.list.query({ search: 'ming' })).items).toHaveLength(1)
    expect((await admin.conflicts.merges.query()).merges).toEqual([merge])

    await admin.conflicts.undo.mutate({ mergeId: merge.id })
    expect(await login(service, 'ming', otherAppId)).toMatchObject({ user: { id: gone } })
    expect((await admin.conflicts.list.query({})).items).toEqual([conflict].map(expectShown))
    const again = admin.conflicts.undo.mutate({ mergeId: merge.id })
    expect(await reasonOf(again)).toBe('not_found')
  })

  it('one of two concurrent merges succeeds and the other gets not_found', async () => {
    const { admin, order } = await startWithConflict()
    const results = await Promise.allSettled([
      admin.conflicts.merge.mutate(order),
      admin.conflicts.merge.mutate(order),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await reasonOf(admin.conflicts.preview.query(order))).toBe('not_found')
  })

  it('keeps one of two users, and merges no administrator away', async () => {
    const { service, admin, operatorId, order, gone } = await startWithConflict()
    const neither = { ...order, keepUserId: operatorId }
    expect(await reasonOf(admin.conflicts.preview.query(neither))).toBe('invalid_input')
    expect(await reasonOf(admin.conflicts.merge.mutate(neither))).toBe('invalid_input')
    const { sqlite } = service.database()
    sqlite.prepare("update users set role = 'admin' where id = ?").run(gone)
    expect(await reasonOf(admin.conflicts.merge.mutate(order))).toBe('forbidden')
  })

  it('is refused an undo that would take the last way to sign in from the kept user', async () => {
    const { service, admin, order, kept } = await startWithConflict()
    await admin.people.clearPassword.mutate({ userId: kept })
    const { moves } = await admin.conflicts.preview.query(order)
    expect(moves).toMatchObject({ account: null, password: true })
    const { merge } = await admin.conflicts.merge.mutate(order)
    const proof = { appId, code: await service.code('hong') }
    const credential = { type: 'password', account: 'ming-one', password: 'correct horse' } as const
    await admin.people.unbind.mutate({ userId: kept, appId })
    const { user } = await service.client().bind.mutate({ proof, credential })
    expect(user.id).toBe(kept)
    await admin.people.unbind.mutate({ userId: kept, appId })
    const undo = () => admin.conflicts.undo.mutate({ mergeId: merge.id })
    expect(await reasonOf(undo())).toBe('last_credential')
    expect((await admin.conflicts.merges.query()).merges).toMatchObject([{ undoneAt: null }])
    const again = { appId, code: await service.code('ming') }
    await service.client().bind.mutate({ proof: again, credential })
    expect(await undo()).toEqual({})
  })

  it('leaves a merged user out until the merge is undone', async () => {
    const { admin, order, gone } = await startWithConflict()
    const { merge } = await admin.conflicts.merge.mutate(order)
    const view = () => admin.people.view.query({ userId: gone })
    expect(await reasonOf(view())).toBe('not_found')
    expect(await reasonOf(admin.people.enable.mutate({ userId: gone }))).toBe('not_found')
    expect((await admin.people.list.query({ search: gone })).items).toEqual([])
    await admin.conflicts.undo.mutate({ mergeId: merge.id })
    expect(await view()).toMatchObject({ person: { id: gone, disabledAt: null } })
  })
})

/** Signing in changes when people were seen, and nothing else of a conflict. */
const expectShown = <T extends { first: object; second: object }>(conflict: T) => ({
  ...conflict,
  first: { ...conflict.first, lastSeenAt: expect.any(String) },
  second: { ...conflict.second, lastSeenAt: expect.any(String) },
})

describe('an administrator who reads the audit log', () => {
  it('filters the audit log, page by page, and counts its lines', async () => {
    const { admin, operatorId, kept } = await startWithConflict()
    const from = new Date().toISOString()
    await admin.people.view.query({ userId: kept })
    expect(await reasonOf(admin.people.view.query({ userId: 'no-such-user' }))).toBe('not_found')
    const views = { action: 'admin.people.view', operatorId, from } as const
    const { items, next } = await admin.audit.list.query({ ...views, limit: 1 })
    expect(items).toMatchObject([{ userId: 'no-such-user', outcome: 'not_found', operatorId }])
    const rest = await admin.audit.list.query({ ...views, limit: 1, cursor: next ?? '' })
    expect(rest).toMatchObject({ items: [{ userId: kept, outcome: 'ok' }], next: null })
    expect(await admin.audit.count.query(views)).toEqual({ count: 2 })
    expect(await admin.audit.count.query({ ...views, to: from })).toEqual({ count: 0 })
    expect(await reasonOf(admin.audit.list.query({ cursor: 'made up' }))).toBe('invalid_input')
  })
})
