import { describe, expect, it } from 'vitest'
import { addPerson } from '../admin/people/people.ts'
import { callerOf, changePassword, keepPicture, proofOf, updateProfile } from '../callers.ts'
import {
  bindTo,
  byCode,
  newIdentity,
  newSession,
  newUser,
  now,
  registerUser,
  requireBound,
  rules,
  signIn,
  unbind,
  withoutAccount,
} from '../drafts.ts'
import type { MakeStores } from '../stores.ts'
import { lifeEvents } from './life-events.ts'
import { addWebhook, deliverAll } from './webhook-drafts.ts'

export function describeUserEvents(make: MakeStores): void {
  describe('the events of users', () => {
    describe('of identities', () => identityEvents(make))
    describe('of accounts', () => accountEvents(make))
    describe('of deleted and merged users', () => lifeEvents(make))
    it('are not written where no webhook asks for them', async () => {
      const stores = await make()
      await registerUser(stores)
      const webhookId = await addWebhook(stores, ['user.deleted'])
      await registerUser(stores)
      await addWebhook(stores)
      expect(await deliverAll(stores, webhookId)).toEqual([])
      expect(await stores.webhookDeliveries.counts()).toMatchObject({ pending: 0 })
    })
  })
}

function identityEvents(make: MakeStores): void {
  it('a registration creates a user and binds an identity, once, and a repeated sign-in is no event', async () => {
    const stores = await make()
    const webhookId = await addWebhook(stores)
    const identity = newIdentity({ unionid: 'one' })
    const { user } = await registerUser(stores, { identity })
    await signIn(stores, identity)
    const { appId, openid } = identity
    const userId = user.id
    expect(await deliverAll(stores, webhookId)).toEqual([
      { type: 'user.created', userId, externalId: null, appId },
      { type: 'identity.bound', userId, externalId: null, appId, openid, unionid: 'one' },
    ])
  })

  it('a first sign-in creates a user, once of callers that race', async () => {
    const stores = await make()
    const webhookId = await addWebhook(stores, ['user.created'])
    const identity = newIdentity()
    const signUp = () =>
      stores.identities.signUp({
        identity,
        user: newUser(withoutAccount),
        session: newSession(),
      })
    await Promise.all([signUp(), signUp(), signUp(), signUp()])
    expect(await deliverAll(stores, webhookId)).toHaveLength(1)
  })

  it('a refused verb writes none', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const webhookId = await addWebhook(stores)
    const claimed = byCode(newIdentity())
    const { identities } = stores
    const bound = { claim: claimed, userId: user.id, passwordHash: 'other', session: newSession() }
    expect((await identities.bind(bound)).status).toBe('credential_rejected')
    const taken = { account: user.account, accountKey: user.account }
    const registered = { claim: claimed, user: newUser(taken), session: newSession() }
    expect((await identities.register(registered)).status).toBe('account_taken')
    expect(await unbind(stores, { userId: user.id, appId: 'wx9' })).toBe('not_found')
    const caller = { sessionId: 'none', userId: user.id, now }
    await stores.users.updateProfile(caller, { nickname: 'x' })
    await stores.sessions.endOthers(caller)
    await stores.sessions.end({ id: 'none', userId: user.id })
    await stores.people.disable('none', now)
    await stores.serviceUsers.update('none', { disabled: true, at: now })
    expect(await deliverAll(stores, webhookId)).toEqual([])
  })

  it('a failing verb writes none', async () => {
    const stores = await make()
    const { session } = await registerUser(stores)
    const webhookId = await addWebhook(stores)
    const claimed = byCode(newIdentity())
    // The session exists already, which fails after the user was created.
    const doubled = { claim: claimed, user: newUser(), session: newSession({ id: session.id }) }
    await expect(stores.identities.register(doubled)).rejects.toThrow()
    expect(await deliverAll(stores, webhookId)).toEqual([])
  })

  it('a binding by password and one by unionid are told', async () => {
    const stores = await make()
    const identity = newIdentity({ unionid: 'one' })
    const { user } = await registerUser(stores, { identity })
    const webhookId = await addWebhook(stores)
    const second = newIdentity({ appId: 'wx2', unionid: 'one' })
    await signIn(stores, second)
    const { user: other } = await registerUser(stores)
    const third = newIdentity({ appId: 'wx2' })
    const session = newSession({ appId: 'wx2' })
    requireBound(await bindTo(stores, { claim: byCode(third), userId: other.id, session }))
    const events = await deliverAll(stores, webhookId)
    expect(events).toMatchObject([
      { type: 'identity.bound', userId: user.id, openid: second.openid, unionid: 'one' },
      { type: 'user.created', userId: other.id },
      { type: 'identity.bound', userId: other.id, appId: 'wx1' },
      { type: 'identity.bound', userId: other.id, openid: third.openid, unionid: null },
    ])
  })

  it('a binding that removes the empty user of a first sign-in tells its deletion', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const identity = newIdentity({ appId: 'wx2' })
    const empty = newUser(withoutAccount)
    await stores.identities.signUp({ identity, user: empty, session: newSession({ appId: 'wx2' }) })
    const webhookId = await addWebhook(stores)
    const session = newSession({ appId: 'wx2' })
    requireBound(await bindTo(stores, { claim: byCode(identity), userId: user.id, session }))
    expect(await deliverAll(stores, webhookId)).toMatchObject([
      { type: 'user.deleted', userId: empty.id },
      { type: 'identity.bound', userId: user.id, openid: identity.openid },
    ])
  })

  it('an unbinding, everywhere too, tells each identity and session', async () => {
    const stores = await make()
    const identity = newIdentity({ unionid: 'one' })
    const { user, session } = await registerUser(stores, { identity })
    const second = newIdentity({ appId: 'wx2', unionid: 'one' })
    const inSecond = await signIn(stores, second)
    const webhookId = await addWebhook(stores)
    const caller = { sessionId: inSecond.id, userId: user.id, now }
    const request = { userId: user.id, appId: 'wx2', everywhere: true, caller }
    expect(await unbind(stores, request)).toBe('unbound')
    const events = await deliverAll(stores, webhookId)
    const named = events.map(({ type, appId, openid, sessionId }) => [
      ...[type, appId, openid ?? sessionId],
    ])
    expect(named.sort()).toEqual(
      [
        ['identity.unbound', 'wx1', identity.openid],
        ['session.ended', 'wx1', session.id],
        ['identity.unbound', 'wx2', second.openid],
        ['session.ended', 'wx2', inSecond.id],
      ].sort(),
    )
  })
}

function accountEvents(make: MakeStores): void {
  it('a changed profile names the fields that have another value', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const webhookId = await addWebhook(stores)
    await updateProfile(stores, user.id, { nickname: 'Ming' })
    await updateProfile(stores, user.id, { nickname: 'Ming', avatarUrl: null })
    await keepPicture(stores, user.id)
    const updated = { type: 'user.updated', userId: user.id, externalId: null }
    expect(await deliverAll(stores, webhookId)).toEqual([
      { ...updated, changed: ['nickname'] },
      { ...updated, changed: ['avatarUrl'] },
    ])
  })

  it('a first account name is told, and a password ends the other sessions', async () => {
    const stores = await make()
    const identity = newIdentity()
    const { id } = newUser(withoutAccount)
    const user = newUser({ ...withoutAccount, id })
    await stores.identities.signUp({ identity, user, session: newSession() })
    const other = await signIn(stores, identity, { createdAt: now - 1 })
    const webhookId = await addWebhook(stores)
    const name = { account: 'ming', accountKey: 'ming' }
    expect(await changePassword(stores, id, { from: null, to: 'x', name })).toBe('changed')
    expect(await deliverAll(stores, webhookId)).toEqual([
      { type: 'user.updated', userId: id, externalId: null, changed: ['account'] },
      {
        ...{ type: 'session.ended', userId: id, externalId: null },
        ...{ appId: 'wx1', sessionId: other.id },
      },
    ])
  })

  it('an administrator disables and enables, each told once', async () => {
    const stores = await make()
    const { user, session } = await registerUser(stores)
    const userId = user.id
    const webhookId = await addWebhook(stores)
    for (const _ of [1, 2]) await stores.people.disable(userId, now)
    for (const _ of [1, 2]) await stores.people.enable(userId)
    const events = await deliverAll(stores, webhookId)
    expect(events).toMatchObject([
      { type: 'user.disabled', userId },
      { type: 'session.ended', userId, sessionId: session.id },
      { type: 'user.enabled', userId },
    ])
  })

  it('a service sets the external id, disables, enables and ends sessions', async () => {
    const stores = await make()
    const { user, identity, session } = await registerUser(stores)
    const userId = user.id
    const webhookId = await addWebhook(stores)
    const { serviceUsers } = stores
    for (const _ of [1, 2]) await serviceUsers.update(userId, { externalId: '42', at: now })
    for (const _ of [1, 2]) await serviceUsers.update(userId, { disabled: true, at: now })
    for (const _ of [1, 2]) await serviceUsers.update(userId, { disabled: false, at: now })
    const next = await signIn(stores, identity)
    await serviceUsers.endSessions(userId)
    const of = { userId, externalId: '42' }
    expect(await deliverAll(stores, webhookId)).toMatchObject([
      { ...of, type: 'user.updated', changed: ['externalId'] },
      { ...of, type: 'user.disabled' },
      { ...of, type: 'session.ended', sessionId: session.id },
      { ...of, type: 'user.enabled' },
      { ...of, type: 'session.ended', sessionId: next.id },
    ])
  })

  it('nothing is told of an administrator', async () => {
    const stores = await make()
    for (const id of ['root', 'boss']) {
      await addPerson(stores, { id, account: id, identities: [], sessions: 0 })
      await stores.makeAdmin(id)
    }
    const webhookId = await addWebhook(stores)
    await stores.people.disable('boss', now)
    await stores.people.enable('boss')
    await stores.people.remove('boss')
    expect(await deliverAll(stores, webhookId)).toEqual([])
  })

  it('a phone number and a new unionid are no event', async () => {
    const stores = await make()
    const identity = newIdentity()
    const { user } = await registerUser(stores, { identity })
    const webhookId = await addWebhook(stores)
    const caller = await callerOf(stores, user.id)
    const provenBy = await proofOf(stores, user.id)
    await stores.users.setPhone({ caller, provenBy, phone: '13800000001', rules })
    await signIn(stores, { ...identity, unionid: 'new' })
    await stores.people.clearPhone(user.id, rules)
    expect(await deliverAll(stores, webhookId)).toEqual([])
  })
}
