import { expect, it } from 'vitest'
import { createTestService, enrolTestAdmin, registerTestUser } from '../../../testing/index.ts'

async function withAdministrator() {
  const service = createTestService()
  const { actor, secret } = await enrolTestAdmin(service)
  return { service, actor, code: () => service.totp.codeAt(secret, service.clock.now()) }
}

it('lines carry the names of now, and none for a user who was deleted', async () => {
  const { service, actor } = await withAdministrator()
  const { signedIn } = await registerTestUser(service, { account: 'ming' })
  const { id } = signedIn.user
  const named = async () =>
    (await service.admin.listAudit(actor, { userId: id, action: 'register', limit: 10 })).items
  expect(await named()).toEqual([
    expect.objectContaining({ userId: id, userName: 'ming', adminName: null }),
  ])
  const user = service.store.state.users.get(id)
  if (user) service.store.state.users.set(id, { ...user, nickname: '小明' })
  expect((await named())[0]?.userName).toBe('小明')
  const { history } = await service.admin.viewPerson(actor, id)
  expect(history[0]?.userName).toBe('小明')
  await service.admin.removePerson(actor, { userId: id, confirm: 'ming' })
  const lines = (await service.admin.listAudit(actor, { action: 'register', limit: 10 })).items
  expect(lines[0]?.userName).toBeNull()
})

it('an administrator and a service key are named too', async () => {
  const { service, actor, code } = await withAdministrator()
  service.clock.advance(30_000)
  const { id } = await service.admin.createServiceKey(actor, {
    name: 'pay',
    scopes: ['introspect'],
    code: code(),
  })
  await service.admin.revokeServiceKey(actor, id)
  const { items } = await service.admin.listAudit(actor, { userId: id, limit: 10 })
  expect(items[0]).toMatchObject({ userId: id, userName: 'pay', adminName: 'root' })
})
