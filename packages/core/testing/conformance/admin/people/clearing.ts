import { expect, it } from 'vitest'
import { changePassword } from '../../callers.ts'
import { now, rules, unbind } from '../../drafts.ts'
import { configuredApps, type MakeStores } from '../../stores.ts'
import { openSession } from '../sign-in/administrators.ts'
import { addPeople } from './people.ts'

const phone = '13912345678'

/** What the verbs must do with which an administrator puts out who knows a password or has a number. */
export function clearingConforms(make: MakeStores): void {
  it('removes the password and every session, and keeps the name and the identities', async () => {
    const stores = await make()
    await addPeople(stores, [
      { id: 'a', account: 'anna', sessions: 2 },
      { id: 'b', account: 'bert' },
    ])
    expect(await stores.people.clearPassword('a', rules)).toBe(true)
    expect(await stores.people.find('a')).toMatchObject({ account: 'anna', hasPassword: false })
    expect(await stores.sessions.list('a', now)).toEqual([])
    expect(await stores.identities.list('a')).toHaveLength(1)
    expect(await stores.people.find('b')).toMatchObject({ hasPassword: true })
    expect(await stores.sessions.list('b', now)).toHaveLength(1)
    expect(await stores.people.clearPassword('a', rules)).toBe(true)
  })

  it('removes the number, and no session', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a', phone }, { id: 'b' }])
    expect(await stores.people.clearPhone('a', rules)).toBe(true)
    expect(await stores.people.phoneOf('a')).toBeNull()
    expect(await stores.users.findByPhone(phone)).toBeNull()
    expect(await stores.sessions.list('a', now)).toHaveLength(1)
    expect(await stores.people.clearPhone('b', rules)).toBe(true)
  })

  it('takes with a number the password that is of no use without it', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a', phone }])
    await changePassword(stores, 'a', { from: null, to: 'hash' })
    expect(await stores.people.clearPhone('a', rules)).toBe(true)
    expect(await stores.people.find('a')).toMatchObject({ hasPassword: false })
    const name = { account: 'anna', accountKey: 'anna' }
    expect(await changePassword(stores, 'a', { from: null, to: 'first', name })).toBe('changed')
  })

  it('says where nothing is left to sign in with', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a', account: 'anna', phone }])
    const former = { ...rules, appIds: ['former'] }
    expect(await stores.people.clearPhone('a', former)).toBe(true)
    expect(await stores.people.clearPassword('a', former)).toBe(false)
    expect(await stores.people.clearPhone('a', former)).toBe(false)
    expect(await stores.people.clearPassword('a', rules)).toBe(true)
  })

  it('finds no user that does not exist', async () => {
    const { people } = await make()
    expect(await people.clearPassword('x', rules)).toBeNull()
    expect(await people.clearPhone('x', rules)).toBeNull()
    expect(await people.remove('x')).toBe('not_found')
  })

  it('removes no password of an administrator, and ends console sessions with all others', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'root', account: 'root', role: 'admin', phone, sessions: 2 }])
    const session = await openSession(stores, { factor: 'full' })
    expect(await stores.people.clearPassword('root', rules)).toBe('administrator')
    expect(await stores.people.find('root')).toMatchObject({ hasPassword: true })
    expect(await stores.administrators.find(session.hash)).not.toBeNull()
    expect(await stores.people.clearPhone('root', rules)).toBe(true)
    expect(await stores.people.endSessions({ userId: 'root' })).toBe(3)
    expect(await stores.administrators.find(session.hash)).toBeNull()
    const again = await openSession(stores, { factor: 'full' })
    expect(await stores.people.disable('root', now)).toBe('disabled')
    expect(await stores.administrators.find(again.hash)).toBeNull()
  })

  it('ends no console session together with one of a mini program', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'root', account: 'root', role: 'admin' }])
    const session = await openSession(stores, { factor: 'full' })
    const [one] = await stores.sessions.list('root', now)
    expect(await stores.people.endSessions({ userId: 'root', sessionId: one?.id })).toBe(1)
    expect(await stores.administrators.find(session.hash)).not.toBeNull()
  })

  it('deletes a user as the user would', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a', account: 'anna', phone, sessions: 2 }, { id: 'b' }])
    expect(await stores.people.remove('a')).toBe('removed')
    expect(await stores.people.find('a')).toBeNull()
    expect(await stores.identities.list('a')).toEqual([])
    expect(await stores.people.find('b')).not.toBeNull()
    expect(await unbind(stores, { userId: 'b', appId: configuredApps[0] ?? '' })).toBe('last')
    expect(await stores.people.remove('a')).toBe('not_found')
  })
}
