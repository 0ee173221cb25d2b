import { describe, expect, it, vi } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  giveTestPhone,
  issueTestTicket,
  reasonOf,
  registerTestUser,
  signInTestUser,
  testOrigin,
  testPassword,
} from '../../../testing/index.ts'
import type { PeopleQuery } from './person.ts'

/** An administrator, and the user `ming` with an account and a number. */
async function start() {
  const service = createTestService()
  const { actor } = await enrolTestAdmin(service)
  const ming = await registerTestUser(service, { account: 'Ming' })
  const userId = ming.signedIn.user.id
  giveTestPhone(service, userId, '13912345678')
  return { service, admin: service.admin, actor, adminId: actor.administrator.id, ming, userId }
}

describe('finding people', () => {
  it('lists users by every meaning of the search text', async () => {
    const { admin, actor, userId, adminId } = await start()
    const find = async (search?: string) =>
      (await admin.listPeople(actor, { search, limit: 10 })).items.map(({ id }) => id)
    expect((await find()).sort()).toEqual([adminId, userId].sort())
    for (const search of ['ＭＩ', userId, 'openid of Ming', '+86 139-1234 5678'])
      expect(await find(search), search).toEqual([userId])
    expect(await find('unknown')).toEqual([])
  })

  it('passes filters, limit and cursor on', async () => {
    const { admin, actor, userId, adminId } = await start()
    const first = await admin.listPeople(actor, { limit: 1 })
    const second = await admin.listPeople(actor, { limit: 1, cursor: first.next ?? '' })
    expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual(
      [adminId, userId].sort(),
    )
    const admins = await admin.listPeople(actor, { limit: 9, role: 'admin' })
    expect(admins.items).toMatchObject([{ id: adminId }])
    const query = { limit: 9, status: 'disabled', appId: 'wx1' } as const
    expect((await admin.listPeople(actor, query)).items).toEqual([])
  })

  it('goes on in the order in which the list began, and refuses the cursor of another one', async () => {
    const { admin, actor, userId, adminId } = await start()
    const list = (query: Partial<PeopleQuery>) => admin.listPeople(actor, { limit: 1, ...query })
    const oldest = await list({ sort: 'oldest' })
    const cursor = oldest.next ?? ''
    const second = await list({ sort: 'oldest', cursor })
    expect([...oldest.items, ...second.items].map(({ id }) => id).sort()).toEqual(
      [adminId, userId].sort(),
    )
    const newest = (await list({})).next ?? ''
    for (const other of [
      { cursor },
      { sort: 'account', cursor },
      { sort: 'oldest', cursor: newest },
    ] as const)
      expect(await reasonOf(list(other))).toBe('invalid_input')
  })

  it('counts them on the first page, by the pages or by the store', async () => {
    const { admin, actor } = await start()
    const countOf = async (query: Partial<PeopleQuery>) =>
      (await admin.listPeople(actor, { limit: 2, ...query })).count
    expect(await countOf({})).toEqual({ value: 2, isExact: true })
    expect(await countOf({ limit: 1 })).toEqual({ value: 2, isExact: true })
    expect(await countOf({ search: 'Ming' })).toEqual({ value: 1, isExact: true })
    const { next } = await admin.listPeople(actor, { limit: 1 })
    expect(await countOf({ cursor: next ?? '' })).toBeNull()
  })

  it('counts no further than 1,000', async () => {
    const { service, admin, actor } = await start()
    const count = vi.spyOn(service.store.people, 'count')
    await admin.listPeople(actor, { limit: 1, role: 'user', sort: 'oldest', search: 'm' })
    await admin.listPeople(actor, { limit: 1, sort: 'oldest' })
    expect(count.mock.calls).toEqual([[{ sort: 'oldest', search: null, limit: 1_000 }]])
  })

  it('does not count what is too sparse for a full page', async () => {
    const { service, admin, actor } = await start()
    vi.spyOn(service.store.people, 'list').mockResolvedValue({ items: [], next: 'further' })
    expect(await admin.listPeople(actor, { limit: 1 })).toMatchObject({ count: null })
  })

  it('shows a user with identities, open sessions and the newest 50 audit lines', async () => {
    const { service, admin, actor, ming, userId } = await start()
    for (let count = 0; count < 51; count++) {
      service.clock.advance(2_000)
      await signInTestUser(service, ming.user)
    }
    const viewed = await admin.viewPerson(actor, userId)
    expect(viewed.person).toMatchObject({
      id: userId,
      account: 'Ming',
      phone: '139****5678',
      hasPassword: true,
    })
    expect(viewed.identities).toMatchObject([{ ...ming.user, boundAt: expect.any(Number) }])
    expect(viewed.sessions).toHaveLength(52)
    expect(viewed.history).toHaveLength(50)
    expect(viewed.history[0]).toMatchObject({ action: 'sign_in', at: service.clock.now(), userId })
    service.clock.advance(30 * 24 * 3_600_000)
    expect((await admin.viewPerson(actor, userId)).sessions).toEqual([])
  })

  it('reveals the whole number, or that there is none', async () => {
    const { admin, actor, userId, adminId } = await start()
    expect(await admin.revealPhone(actor, userId)).toBe('13912345678')
    expect(await admin.revealPhone(actor, adminId)).toBeNull()
  })
})

describe('disabling people', () => {
  it('ends their sessions and refuses every sign-in until they are enabled', async () => {
    const { service, admin, actor, ming, userId } = await start()
    await admin.disablePerson(actor, userId)
    const { accessToken } = ming.signedIn.tokens
    expect(await reasonOf(service.users.authenticate(accessToken))).toBe('unauthenticated')
    expect(await reasonOf(signInTestUser(service, ming.user))).toBe('user_disabled')
    expect((await admin.viewPerson(actor, userId)).person.disabledAt).toBe(service.clock.now())
    await admin.enablePerson(actor, userId)
    expect(await signInTestUser(service, ming.user)).toMatchObject({ user: ming.user })
  })

  it('is refused for oneself', async () => {
    const { service, admin, actor, adminId } = await start()
    expect(await reasonOf(admin.disablePerson(actor, adminId))).toBe('forbidden')
    expect(service.store.state.users.get(adminId)?.disabledAt).toBeNull()
  })
})

describe('ending sessions of people', () => {
  it('ends one or all, and returns how many', async () => {
    const { service, admin, actor, ming, userId } = await start()
    await signInTestUser(service, ming.user)
    await signInTestUser(service, ming.user)
    const sessionId = ming.actor.caller.session.id
    expect(await admin.endSessions(actor, { userId, sessionId })).toBe(1)
    expect(await reasonOf(admin.endSessions(actor, { userId, sessionId }))).toBe('not_found')
    expect(await admin.endSessions(actor, { userId })).toBe(2)
    expect(await admin.endSessions(actor, { userId })).toBe(0)
  })

  it('finds no session of another user', async () => {
    const { service, admin, actor, userId } = await start()
    const hong = await registerTestUser(service, { account: 'hong' })
    const { id: sessionId } = hong.actor.caller.session
    expect(await reasonOf(admin.endSessions(actor, { userId, sessionId }))).toBe('not_found')
    expect(await service.store.sessions.find(sessionId)).not.toBeNull()
  })
})

describe('unbinding people', () => {
  it('removes the identity and ends every session that it opened', async () => {
    const { service, admin, actor, ming, userId } = await start()
    await admin.unbindPerson(actor, { userId, appId: 'wx1' })
    expect(await service.store.sessions.find(ming.actor.caller.session.id)).toBeNull()
    expect(await service.store.identities.list(userId)).toEqual([])
    const again = admin.unbindPerson(actor, { userId, appId: 'wx1' })
    expect(await reasonOf(again)).toBe('not_found')
  })

  it('removes every identity of the same WeChat where that is asked for', async () => {
    const { service, admin, actor } = await start()
    const { user, signedIn } = await registerTestUser(service, { account: 'li', unionid: 'union' })
    const second = { appId: 'wx2', openid: 'openid in wx2', unionid: 'union' }
    await signInTestUser(service, second)
    const userId = signedIn.user.id
    const list = () => service.store.identities.list(userId)
    await admin.unbindPerson(actor, { userId, appId: 'wx2' })
    expect(await list()).toMatchObject([{ appId: 'wx1' }])
    await service.users.bind({
      proof: { appId: 'wx2', code: service.wechat.loginCode(second) },
      credential: { type: 'password', account: 'li', password: testPassword },
      origin: testOrigin,
    })
    await admin.unbindPerson(actor, { userId, appId: 'wx2', everywhere: true })
    expect(await list()).toEqual([])
    for (const unbound of [user, second])
      expect(await issueTestTicket(service, unbound)).toEqual(expect.any(String))
  })

  it('never removes the last way to sign in', async () => {
    const { service, admin, actor, userId } = await start()
    const { users } = service.store.state
    const user = users.get(userId)
    if (user) users.set(userId, { ...user, phone: null, passwordHash: null })
    const unbinding = admin.unbindPerson(actor, { userId, appId: 'wx1' })
    expect(await reasonOf(unbinding)).toBe('last_credential')
    expect(await service.store.identities.list(userId)).toHaveLength(1)
  })
})

describe('removing people', () => {
  it('removes a user whose account name was typed', async () => {
    const { service, admin, actor, userId } = await start()
    for (const confirm of ['ming', '', userId])
      expect(await reasonOf(admin.removePerson(actor, { userId, confirm }))).toBe('invalid_input')
    await admin.removePerson(actor, { userId, confirm: 'Ming' })
    expect(service.store.state.users.has(userId)).toBe(false)
    const lines = [...service.store.state.auditLines.values()]
    expect(lines.filter((line) => line.userId === userId)).toEqual([])
    expect(lines.at(-1)).toMatchObject({ action: 'admin.people.remove', outcome: 'ok' })
  })

  it('removes a user without an account name whose id was typed', async () => {
    const { service, admin, actor } = await start()
    const { users } = createTestService({
      ports: { ...service.ports, policy: { ...service.ports.policy, signUp: 'auto' } },
    })
    const code = service.wechat.loginCode({ appId: 'wx2', openid: 'another' })
    const result = await users.miniLogin({ appId: 'wx2', code, origin: testOrigin })
    if (result.status !== 'signedIn') throw new Error(result.status)
    const userId = result.user.id
    await admin.removePerson(actor, { userId, confirm: userId })
    expect(service.store.state.users.has(userId)).toBe(false)
  })

  it('is refused for oneself', async () => {
    const { service, admin, actor, adminId } = await start()
    const removal = admin.removePerson(actor, { userId: adminId, confirm: 'root' })
    expect(await reasonOf(removal)).toBe('forbidden')
    expect(service.store.state.users.has(adminId)).toBe(true)
  })
})

it('every verb that names a user refuses one who does not exist', async () => {
  const { service, admin, actor } = await start()
  const userId = 'unknown'
  const calls = [
    admin.viewPerson(actor, userId),
    admin.disablePerson(actor, userId),
    admin.enablePerson(actor, userId),
    admin.endSessions(actor, { userId }),
    admin.unbindPerson(actor, { userId, appId: 'wx1' }),
    admin.resetSessionKey(actor, { userId, appId: 'wx1' }),
    admin.removePerson(actor, { userId, confirm: userId }),
    admin.revealPhone(actor, userId),
    admin.clearPassword(actor, userId),
    admin.clearPhone(actor, userId),
  ]
  expect(await Promise.all(calls.map(reasonOf))).toEqual(calls.map(() => 'not_found'))
  expect(service.events.slice(-calls.length).map(({ outcome }) => outcome)).toEqual(
    calls.map(() => 'not_found'),
  )
})

describe('putting out who knows a password or has a number', () => {
  it('clears the password: sessions end, the old password is refused, WeChat signs in', async () => {
    const { service, admin, actor, ming, userId } = await start()
    expect(await admin.clearPassword(actor, userId)).toBe(true)
    const { accessToken } = ming.signedIn.tokens
    expect(await reasonOf(service.users.authenticate(accessToken))).toBe('unauthenticated')
    const wechat = { appId: 'wx1', openid: 'thief' }
    const bound = service.users.bind({
      proof: { ticket: await issueTestTicket(service, wechat) },
      credential: { type: 'password', account: 'Ming', password: testPassword },
      origin: testOrigin,
    })
    expect(await reasonOf(bound)).toBe('credential_rejected')
    expect(await signInTestUser(service, ming.user)).toMatchObject({ user: ming.user })
  })

  it('clears the number', async () => {
    const { service, admin, actor, userId } = await start()
    expect(await admin.clearPhone(actor, userId)).toBe(true)
    expect(await admin.revealPhone(actor, userId)).toBeNull()
    expect(service.events.at(-2)).toMatchObject({ action: 'admin.people.clearPhone', userId })
  })

  it('says where the user cannot sign in any more', async () => {
    const { service, admin, actor, userId } = await start()
    await admin.unbindPerson(actor, { userId, appId: 'wx1' })
    await admin.clearPhone(actor, userId)
    expect(await admin.clearPassword(actor, userId)).toBe(false)
    expect(service.events.at(-1)).toMatchObject({ action: 'admin.people.clearPassword' })
  })

  it('refuses to clear the password of an administrator', async () => {
    const { service, admin, actor } = await start()
    const boss = await enrolTestAdmin(service, 'boss')
    const { id } = boss.actor.administrator
    expect(await reasonOf(admin.clearPassword(actor, id))).toBe('forbidden')
    expect(await admin.clearPhone(actor, id)).toBe(true)
  })
})

describe('an administrator among people', () => {
  it('loses every console session with endSessions', async () => {
    const { service, admin, actor } = await start()
    const boss = await enrolTestAdmin(service, 'boss')
    const { id: userId } = boss.actor.administrator
    expect(await admin.endSessions(actor, { userId })).toBe(1)
    expect(await reasonOf(admin.authenticate(boss.token))).toBe('unauthenticated')
  })

  it('of two who disable or remove each other at once, one remains', async () => {
    const { service, admin, actor, adminId } = await start()
    const boss = await enrolTestAdmin(service, 'boss')
    const { id: userId } = boss.actor.administrator
    const results = await Promise.allSettled([
      admin.disablePerson(actor, userId),
      admin.removePerson(boss.actor, { userId: adminId, confirm: 'root' }),
    ])
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { reason: 'last_credential' } },
    ])
    expect((await admin.currentAdministrator(actor)).administrator.id).toBe(adminId)
  })
})
