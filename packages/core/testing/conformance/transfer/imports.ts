import { expect, it } from 'vitest'
import { blankImport } from '../../blank-import.ts'
import { many, now, race } from '../drafts.ts'
import type { MakeStores } from '../stores.ts'
import { draft, exported, fullUser, importOne } from './import-drafts.ts'

export function importsConform(make: MakeStores): void {
  it('creates a user with everything that the import says', async () => {
    const stores = await make()
    const user = fullUser()
    expect(await importOne(stores, user)).toEqual({ status: 'created', userId: user.id })
    expect(await exported(stores)).toEqual([user])
    expect(await stores.users.findByAccount(user.account?.toLowerCase() ?? '')).toMatchObject({
      id: user.id,
      account: user.account,
      passwordHash: user.passwordHash,
      phone: '139****0001',
      phoneProvenAt: now - 5,
      nickname: '小明',
      role: 'user',
      disabledAt: now - 1,
      createdAt: now - 10,
    })
    expect((await stores.users.findByPhone('13900000001'))?.id).toBe(user.id)
  })

  it('gives a user the drafted id and time where the import has none', async () => {
    const stores = await make()
    const one = draft({ account: 'ming' })
    expect(await stores.transfer.importUsers([one])).toEqual([
      { status: 'created', userId: one.newId },
    ])
    expect(await exported(stores)).toEqual([
      { ...blankImport, id: one.newId, account: 'ming', createdAt: now },
    ])
  })

  it('creates each of a batch, and answers in its order', async () => {
    const stores = await make()
    await importOne(stores, { id: 'b', account: 'ming' })
    const outcomes = await stores.transfer.importUsers([
      draft({ id: 'c' }),
      draft({ id: 'b', account: 'ming' }),
      draft({ id: 'a' }),
      draft({ id: 'd', account: 'MING' }),
    ])
    expect(outcomes).toEqual([
      { status: 'created', userId: 'c' },
      { status: 'unchanged', userId: 'b' },
      { status: 'created', userId: 'a' },
      { status: 'taken', userId: 'b', field: 'account' },
    ])
    expect(await stores.transfer.importUsers([])).toEqual([])
  })

  it('rehearses without writing anything', async () => {
    const stores = await make()
    await importOne(stores, { id: 'b', account: 'ming' })
    const one = draft({ account: 'hong' })
    expect(
      await stores.transfer.rehearse([
        one,
        draft({ id: 'd', account: 'ming' }),
        draft({ id: 'b' }),
      ]),
    ).toEqual([
      { status: 'created', userId: one.newId },
      { status: 'taken', userId: 'b', field: 'account' },
      { status: 'unchanged', userId: 'b' },
    ])
    expect(await exported(stores)).toHaveLength(1)
  })

  it('of imports of one user that race one creates it', async () => {
    const stores = await make()
    const user = fullUser()
    const outcomes = await race(many, () => importOne(stores, user))
    expect(outcomes.filter(({ status }) => status === 'created')).toHaveLength(1)
    expect(outcomes.filter(({ status }) => status === 'unchanged')).toHaveLength(many - 1)
  })

  it('of users with one name that race one is created', async () => {
    const stores = await make()
    const outcomes = await race(many, (index) =>
      importOne(stores, { id: `racer-${index}`, account: 'ming' }),
    )
    expect(outcomes.filter(({ status }) => status === 'created')).toHaveLength(1)
    expect(outcomes.filter(({ status }) => status === 'taken')).toHaveLength(many - 1)
  })
}
