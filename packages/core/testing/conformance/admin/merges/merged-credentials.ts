import { expect, it } from 'vitest'
import { changePassword, setPhone } from '../../callers.ts'
import { rules } from '../../drafts.ts'
import type { MakeStores } from '../../stores.ts'
import { mergePair, openPair } from './merge-drafts.ts'

/** Names, numbers and passwords that a merge moves, and an undo returns. */
export function mergedCredentialsConform(make: MakeStores): void {
  it('moves the name to a user who has a password for a number, and leaves that password', async () => {
    const stores = await openPair(make, { gone: { account: 'anna' } })
    await setPhone(stores, 'kept', '13800000009')
    await changePassword(stores, 'kept', { from: null, to: 'own' })
    await mergePair(stores)
    expect(await stores.people.find('kept')).toMatchObject({ account: 'anna', hasPassword: true })
    expect(await stores.users.findPasswordHash('kept')).toBe('own')
    expect(await stores.users.findPasswordHash('gone')).toBe('password of anna')
    expect(await stores.merges.undo('m1', rules)).toBe('undone')
    expect(await stores.users.findByAccount('anna')).toMatchObject({
      id: 'gone',
      passwordHash: 'password of anna',
    })
    expect(await stores.users.findPasswordHash('kept')).toBe('own')
  })

  it('moves a password with the number that it is used with', async () => {
    const stores = await openPair(make, { gone: { phone: '13800000009' } })
    await changePassword(stores, 'gone', { from: null, to: 'own' })
    await mergePair(stores)
    expect(await stores.users.findByPhone('13800000009')).toMatchObject({
      id: 'kept',
      passwordHash: 'own',
    })
    expect(await stores.merges.undo('m1', rules)).toBe('undone')
    expect(await stores.users.findByPhone('13800000009')).toMatchObject({
      id: 'gone',
      passwordHash: 'own',
    })
    expect(await stores.users.findPasswordHash('kept')).toBeNull()
  })
}
