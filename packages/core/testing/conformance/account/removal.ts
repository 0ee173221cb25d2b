import { beforeEach, expect, it } from 'vitest'
import { keepPicture, setPhone } from '../callers.ts'
import {
  bindTo,
  byCode,
  hour,
  issueTicket,
  minute,
  newIdentity,
  newSession,
  newUser,
  now,
  registerUser,
  rules,
  signIn,
  unbind,
  unlimited,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

export function removalConforms(make: MakeStores): void {
  let stores: TestedStores
  beforeEach(async () => {
    stores = await make()
  })

  it('removes the identities, sessions, tickets and the picture of the user', async () => {
    const { hash, claim } = await issueTicket(stores)
    const unused = await issueTicket(stores, { identity: claim.identity })
    const other = await issueTicket(stores)
    const user = newUser()
    const session = newSession()
    await stores.identities.register({ claim, user, session })
    const address = await keepPicture(stores, user.id)
    await stores.users.remove(user.id)
    expect(await stores.users.findByAccount(user.account ?? '')).toBeNull()
    expect(await stores.people.find(user.id)).toBeNull()
    expect(await stores.sessions.find(session.id)).toBeNull()
    expect(await stores.sessions.findRecord(session.id)).toBeNull()
    expect(await stores.identities.list(user.id)).toEqual([])
    expect(await stores.pictureAt(address)).toBeNull()
    const ticket = { hash, now, ttl: 300_000, maxTries: 3, replayMs: minute }
    expect(await stores.tickets.find(ticket)).toBeNull()
    expect(await stores.tickets.find({ ...ticket, hash: unused.hash })).toBeNull()
    expect(await stores.tickets.find({ ...ticket, hash: other.hash })).not.toBeNull()
    const { identity } = claim
    const again = { identity, session: newSession(), use: unlimited }
    expect(await stores.identities.signIn(again)).toEqual({ status: 'unbound' })
  })

  it('removes the tickets of an identity that was unbound from the user, and no other ones', async () => {
    const { user } = await registerUser(stores)
    const identity = newIdentity({ appId: 'wx2' })
    const session = newSession({ appId: 'wx2' })
    await bindTo(stores, { claim: byCode(identity), userId: user.id, session })
    await unbind(stores, { userId: user.id, appId: 'wx2' })
    const { hash } = await issueTicket(stores, { identity })
    const other = await issueTicket(stores, { identity: newIdentity({ appId: 'wx2' }) })
    await stores.users.remove(user.id)
    const ticket = { hash, now, ttl: 300_000, maxTries: 3, replayMs: minute }
    expect(await stores.tickets.find(ticket)).toBeNull()
    expect(await stores.tickets.find({ ...ticket, hash: other.hash })).not.toBeNull()
  })

  it('by the caller rests on an identity that the user still has', async () => {
    const { identity, user, session } = await registerUser(stores)
    const other = await registerUser(stores)
    const caller = { sessionId: session.id, userId: user.id, now }
    for (const provenBy of [other.identity, newIdentity(), { ...identity, appId: 'wx2' }])
      expect(await stores.users.removeCaller({ caller, provenBy })).toBe('unproven')
    expect(await stores.sessions.find(session.id)).not.toBeNull()
    expect(await stores.users.removeCaller({ caller, provenBy: identity })).toBe('removed')
    expect(await stores.people.find(user.id)).toBeNull()
    expect(await stores.people.find(other.user.id)).not.toBeNull()
  })

  it('frees the account name and the number', async () => {
    const { user } = await registerUser(stores)
    await setPhone(stores, user.id, '13800000001')
    await stores.users.remove(user.id)
    const { account } = user
    const next = await registerUser(stores, { user: newUser({ account, accountKey: account }) })
    expect(await setPhone(stores, next.user.id, '13800000001')).toMatchObject({
      id: next.user.id,
    })
  })

  it('leaves every other user as it was, and may be repeated', async () => {
    const { user } = await registerUser(stores)
    const other = await registerUser(stores)
    await stores.users.remove(user.id)
    await stores.users.remove(user.id)
    await stores.users.remove('unknown')
    expect(await stores.sessions.find(other.session.id)).toMatchObject({
      user: { id: other.user.id },
    })
    expect(await stores.identities.list(other.user.id)).toHaveLength(1)
  })

  it('leaves the lines of the audit log as they are, under a pseudonym that is not the id', async () => {
    const { user } = await registerUser(stores)
    const other = await registerUser(stores)
    const origin = { address: '203.0.113.7', device: 'Phone' }
    const line = { at: now, action: 'bind', outcome: 'ok', appId: 'wx1', origin } as const
    stores.audit.record({ ...line, userId: user.id })
    stores.audit.record({ ...line, userId: other.user.id, adminId: user.id })
    expect((await stores.auditReader.list({ limit: 9 })).items).toHaveLength(2)
    await stores.users.remove(user.id)
    // The line of the deletion itself.
    stores.audit.record({ ...line, userId: user.id, action: 'account_delete' })
    const { items } = await stores.auditReader.list({ limit: 9 })
    const pseudonym = items[0]?.userId ?? ''
    expect(pseudonym).not.toBe(user.id)
    expect(items).toMatchObject([
      { ...origin, action: 'account_delete', userId: pseudonym },
      { ...origin, userId: other.user.id, adminId: pseudonym },
      { ...origin, userId: pseudonym },
    ])
    expect(await stores.auditReader.count({ userId: pseudonym })).toBe(2)
    expect(await stores.auditReader.count({ adminId: pseudonym })).toBe(1)
  })

  it('removes the conflicts of the user', async () => {
    const { identity: one, user } = await registerUser(stores)
    const { identity: two } = await registerUser(stores, {
      identity: newIdentity({ appId: 'wx2' }),
    })
    for (const identity of [one, two]) await signIn(stores, { ...identity, unionid: 'union' })
    expect((await stores.merges.conflicts({ limit: 9 })).items).toHaveLength(1)
    await stores.users.remove(user.id)
    expect((await stores.merges.conflicts({ limit: 9 })).items).toEqual([])
  })

  it('removes the users that were merged into the user, and those merged into them', async () => {
    const users = []
    for (const appId of ['wx1', 'wx2', 'wx3'])
      users.push(await registerUser(stores, { identity: newIdentity({ appId }) }))
    for (const { identity } of users) await signIn(stores, { ...identity, unionid: 'union' })
    const [first = '', second = '', third = ''] = users.map(({ user }) => user.id)
    const merge = { adminId: 'administrator', at: now, undoUntil: now + hour, rules }
    for (const [id, keepUserId, goneId] of [
      ['m1', second, third],
      ['m2', first, second],
    ] as const) {
      const pair = { unionid: 'union', firstUserId: keepUserId, secondUserId: goneId }
      await stores.merges.merge({ ...pair, keepUserId }, { ...merge, id })
    }
    expect(await stores.merges.list(9)).toHaveLength(2)
    await stores.users.remove(first)
    for (const { user } of users)
      expect(await stores.users.findByAccount(user.account ?? '')).toBeNull()
    expect(await stores.merges.list(9)).toEqual([])
    expect(await stores.merges.undo('m2', rules)).toBe('not_found')
  })

  it('of a removal and a sign-in that race leaves no session behind', async () => {
    const { identity, user } = await registerUser(stores)
    const session = newSession()
    const [, result] = await Promise.all([
      stores.users.remove(user.id),
      stores.identities.signIn({ identity, session, use: unlimited }),
      bindTo(stores, { claim: byCode(identity), userId: user.id, session: newSession() }),
    ])
    expect(['bound', 'unbound']).toContain(result.status)
    expect(await stores.sessions.find(session.id)).toBeNull()
    expect(await stores.identities.list(user.id)).toEqual([])
  })
}
