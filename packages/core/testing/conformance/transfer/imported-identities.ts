import { expect, it } from 'vitest'
import type { ImportedIdentity } from '../../../src/transfer/index.ts'
import {
  bindTo,
  byCode,
  issueTicket,
  newIdentity,
  newSession,
  now,
  registerUser,
  requireBound,
  signIn,
  unbind,
  unique,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'
import { draft, fullUser, importOne } from './import-drafts.ts'

export function importedIdentitiesConform(make: MakeStores): void {
  it('signs its user in, and gets its first session key by that', async () => {
    const stores = await make()
    const user = { ...fullUser(), disabledAt: null }
    await importOne(stores, user)
    const [identity] = user.identities
    if (identity === undefined || user.id === null) throw new Error('the draft has both')
    const { id: userId } = user
    expect(await stores.identities.list(user.id)).toContainEqual({
      appId: 'wx1',
      boundAt: now - 10,
      boundBy: 'unknown',
      lastSeenAt: now - 10,
      device: null,
    })
    const keys = () => stores.identities.sessionKeys({ userId, appId: 'wx1' })
    expect(await keys()).toEqual({ openid: identity.openid, keys: [] })
    const { key } = newIdentity()
    const session = await signIn(stores, { ...identity, key })
    expect((await stores.sessions.find(session.id))?.user.id).toBe(userId)
    expect(await keys()).toEqual({ openid: identity.openid, keys: [key.sealed] })
    const second = newIdentity().key
    await signIn(stores, { ...identity, key: second })
    expect(await keys()).toEqual({ openid: identity.openid, keys: [second.sealed, key.sealed] })
  })

  it('takes the key of a ticket that was issued before, and leaves it to the ticket when it is unbound', async () => {
    const stores = await make()
    const identity = newIdentity()
    const { claim } = await issueTicket(stores, { identity })
    const { appId, openid, unionid } = identity
    const { id: userId } = await importedWith(stores, { appId, openid, unionid })
    await unbind(stores, { userId, appId })
    const other = await registerUser(stores, { identity: newIdentity({ appId: 'wx2' }) })
    const session = newSession({ appId })
    requireBound(await bindTo(stores, { claim, userId: other.user.id, session }))
    expect(await stores.identities.sessionKeys({ userId: other.user.id, appId })).toEqual({
      openid,
      keys: [identity.key.sealed],
    })
  })

  it('that its user has unbound comes to no user by an import', async () => {
    const stores = await make()
    const [identity, other] = [newIdentity(), newIdentity({ appId: 'wx2' })]
    const { user } = await registerUser(stores, { identity })
    requireBound(
      await bindTo(stores, {
        claim: byCode(other),
        userId: user.id,
        session: newSession({ appId: 'wx2' }),
      }),
    )
    await unbind(stores, { userId: user.id, appId: 'wx1' })
    const { appId, openid } = identity
    const line = {
      externalId: '77',
      identities: [
        { appId: 'wx2', openid: 'o', unionid: null },
        { appId, openid, unionid: null },
      ],
    }
    const taken = { status: 'taken', userId: user.id, field: 'unboundIdentity' }
    expect(await stores.transfer.rehearse([draft(line)])).toEqual([taken])
    expect(await importOne(stores, line)).toEqual(taken)
    // Of the user itself nothing is changed either.
    expect(
      await importOne(stores, { id: user.id, identities: [{ appId, openid, unionid: null }] }),
    ).toEqual({ status: 'different', userId: user.id, fields: ['identities'] })
    expect(await stores.identities.findOwner(identity)).toBeNull()
    // The same openid in another app, and another one in this app, were not unbound.
    const others = [
      { appId: 'wx3', openid, unionid: null },
      { appId, openid: 'other', unionid: null },
    ]
    expect(await importOne(stores, { externalId: '77', identities: others })).toMatchObject({
      status: 'created',
    })
  })

  it('that was unbound and bound again is that of its user', async () => {
    const stores = await make()
    const [identity, other] = [newIdentity(), newIdentity({ appId: 'wx2' })]
    const { user } = await registerUser(stores, { identity })
    const bind = async (claimed: typeof identity) => {
      const session = newSession({ appId: claimed.appId })
      requireBound(await bindTo(stores, { claim: byCode(claimed), userId: user.id, session }))
    }
    await bind(other)
    await unbind(stores, { userId: user.id, appId: 'wx1' })
    await bind(identity)
    const { appId, openid } = identity
    expect(await importOne(stores, { identities: [{ appId, openid, unionid: null }] })).toEqual({
      status: 'unchanged',
      userId: user.id,
    })
  })

  it('is another one than the same openid in another app', async () => {
    const stores = await make()
    const identity = { appId: 'wx1', openid: 'same', unionid: null }
    const one = await importedWith(stores, identity)
    const two = await importedWith(stores, { ...identity, appId: 'wx2' })
    expect(two.id).not.toBe(one.id)
  })
}

async function importedWith(stores: TestedStores, identity: ImportedIdentity) {
  const user = { account: unique('name'), passwordHash: 'hash', identities: [identity] }
  const outcome = await importOne(stores, user)
  if (outcome.status !== 'created') throw new Error('the user is new')
  return { id: outcome.userId }
}
