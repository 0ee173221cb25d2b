import { expect, it } from 'vitest'
import type { ImportedUser } from '../../../src/transfer/index.ts'
import { newUser, now, registerUser } from '../drafts.ts'
import type { MakeStores } from '../stores.ts'
import { draft, exported, fullUser, importOne } from './import-drafts.ts'

export function presentUsersConform(make: MakeStores): void {
  it('says nothing where the import says the same or less, and changes nothing', async () => {
    const stores = await make()
    const user = fullUser()
    await importOne(stores, user)
    const unchanged = { status: 'unchanged', userId: user.id }
    expect(await importOne(stores, user)).toEqual(unchanged)
    expect(await importOne(stores, { ...user, id: null })).toEqual(unchanged)
    expect(await importOne(stores, { externalId: user.externalId })).toEqual(unchanged)
    expect(await importOne(stores, { account: user.account?.toUpperCase() ?? null })).toEqual({
      status: 'different',
      userId: user.id,
      fields: ['account'],
    })
    expect(await importOne(stores, { phone: user.phone })).toEqual(unchanged)
    expect(await importOne(stores, { identities: user.identities.slice(1) })).toEqual(unchanged)
    expect(await importOne(stores, { ...user, passwordHash: 'md5$$other' })).toEqual(unchanged)
    expect(await exported(stores)).toEqual([user])
  })

  it('names the fields in which the import differs, and changes nothing', async () => {
    const stores = await make()
    const user = fullUser()
    await importOne(stores, user)
    const other: ImportedUser = {
      ...user,
      account: 'other',
      phone: '13900000002',
      nickname: '小红',
      identities: [{ appId: 'wx3', openid: 'other', unionid: null }],
      disabledAt: now,
      createdAt: now,
    }
    const fields = ['account', 'phone', 'nickname', 'disabledAt', 'createdAt']
    expect(await importOne(stores, other)).toEqual({
      status: 'different',
      userId: user.id,
      fields: [...fields, 'identities'],
    })
    expect(await exported(stores)).toEqual([user])
  })

  it('names the value that another user has', async () => {
    const stores = await make()
    const one = fullUser()
    const two = { ...fullUser(), phone: '13900000002' }
    await stores.transfer.importUsers([draft(one), draft(two)])
    const taken = (field: string) => ({ status: 'taken', userId: two.id, field })
    expect(await importOne(stores, { ...one, externalId: two.externalId })).toEqual(
      taken('externalId'),
    )
    expect(await importOne(stores, { ...one, account: two.account })).toEqual(taken('account'))
    expect(await importOne(stores, { ...one, phone: two.phone })).toEqual(taken('phone'))
    expect(await importOne(stores, { ...one, identities: two.identities })).toEqual(
      taken('identity'),
    )
    expect(await importOne(stores, { id: 'new', account: two.account })).toEqual(taken('account'))
    expect(await exported(stores)).toHaveLength(2)
  })

  it('is another one where the id or the external id differs, whatever else is the same', async () => {
    const stores = await make()
    const user = fullUser()
    await importOne(stores, user)
    const taken = (field: string) => ({ status: 'taken', userId: user.id, field })
    expect(await importOne(stores, { ...user, id: 'other' })).toEqual(taken('externalId'))
    expect(await importOne(stores, { ...user, externalId: 'other' })).toEqual(taken('id'))
    expect(await importOne(stores, { ...user, id: null, externalId: 'other' })).toEqual(
      taken('account'),
    )
    expect(await importOne(stores, { externalId: 'other', phone: user.phone })).toEqual(
      taken('phone'),
    )
    expect(await exported(stores)).toEqual([user])
  })

  it('is another one where an openid differs, unless an id or external id is the same', async () => {
    const stores = await make()
    const user = fullUser()
    await importOne(stores, user)
    const [first, second] = user.identities
    if (first === undefined || second === undefined) throw new Error('the draft has two')
    const identities = [first, { ...second, openid: 'other' }]
    const { id, externalId, account, phone } = user
    expect(await importOne(stores, { account, phone, identities })).toEqual({
      status: 'taken',
      userId: id,
      field: 'account',
    })
    const different = { status: 'different', userId: id, fields: ['identities'] }
    expect(await importOne(stores, { externalId, identities })).toEqual(different)
    expect(await importOne(stores, { id, identities })).toEqual(different)
    // Of the apps in which both have an openid.
    const third = { appId: 'wx3', openid: 'o', unionid: null }
    expect(await importOne(stores, { identities: [first, third] })).toEqual(different)
  })

  it('is another one where only the name or number is the same, and something is not', async () => {
    const stores = await make()
    const stranger = { id: 'stranger', account: 'ming', createdAt: now - 5 }
    await importOne(stores, stranger)
    const taken = { status: 'taken', userId: 'stranger', field: 'account' }
    const account = 'Ming'
    const other = { appId: 'wx1', openid: 'o', unionid: null }
    for (const more of [
      { externalId: '77' },
      { phone: '13900000001' },
      { identities: [other] },
      { createdAt: now - 6 },
    ])
      expect(await importOne(stores, { account, ...more }), JSON.stringify(more)).toEqual(taken)
    expect(await importOne(stores, { account, createdAt: now - 5 })).toEqual({
      status: 'different',
      userId: 'stranger',
      fields: ['account'],
    })
    expect(await exported(stores)).toHaveLength(1)
  })

  it('is met by its name alone where the import has no more', async () => {
    const stores = await make()
    const dump = { account: 'ming', passwordHash: '$2b$10$hash' }
    const { userId } = await importOne(stores, dump)
    expect(await importOne(stores, dump)).toEqual({ status: 'unchanged', userId })
    expect(await importOne(stores, { ...dump, nickname: '小红' })).toEqual({
      status: 'different',
      userId,
      fields: ['nickname'],
    })
  })

  it('is no user of an import where it is an administrator', async () => {
    const stores = await make()
    const { user } = await registerUser(stores, {
      user: newUser({ account: 'Root', accountKey: 'root' }),
    })
    await stores.makeAdmin(user.id)
    expect(await importOne(stores, { account: 'root' })).toEqual({
      status: 'taken',
      userId: user.id,
      field: 'account',
    })
    expect(await exported(stores)).toEqual([])
  })
}
