import { describe, expect, it } from 'vitest'
import type { IdentityRef } from '../../../src/index.ts'
import { changePassword, keepPicture, setPhone, updateProfile } from '../callers.ts'
import {
  many,
  newIdentity,
  newUser,
  now,
  race,
  registerUser,
  rules,
  signIn,
  withoutAccount,
} from '../drafts.ts'
import type { MakeStores } from '../stores.ts'
import { removalConforms } from './removal.ts'

export function describeUserStore(make: MakeStores): void {
  describe('the user store', () => {
    describe('reading a user', () => readsConform(make))
    describe('changePassword', () => passwordsConform(make))
    describe('renewPasswordHash', () => renewalConforms(make))
    describe('updateProfile', () => profilesConform(make))
    describe('setPhone', () => phonesConform(make))
    describe('remove', () => removalConforms(make))
  })
}

function readsConform(make: MakeStores): void {
  it('finds a user by the normal form of the account name only', async () => {
    const stores = await make()
    const user = newUser({ account: 'Anna', accountKey: 'anna' })
    await registerUser(stores, { user })
    expect(await stores.users.findByAccount('anna')).toMatchObject({
      id: user.id,
      account: 'Anna',
      passwordHash: 'hash',
      phone: null,
      nickname: null,
      avatarUrl: null,
      role: 'user',
      disabledAt: null,
      createdAt: now,
    })
    expect(await stores.users.findByAccount('Anna')).toBeNull()
    expect(await stores.users.findByAccount('ann')).toBeNull()
  })

  it('returns a password hash by the user id, and with nothing else', async () => {
    const stores = await make()
    const { user, session } = await registerUser(stores)
    const without = await registerUser(stores, { user: newUser(withoutAccount) })
    expect(await stores.users.findPasswordHash(user.id)).toBe('hash')
    expect(await stores.users.findPasswordHash(without.user.id)).toBeNull()
    expect(await stores.users.findPasswordHash('unknown')).toBeNull()
    expect((await stores.sessions.find(session.id))?.user).not.toHaveProperty('passwordHash')
  })
}

function passwordsConform(make: MakeStores): void {
  it('of changes that race from one password one is stored, and every other session ends', async () => {
    const stores = await make()
    const { identity, user, session } = await registerUser(stores)
    const other = await signIn(stores, identity)
    const stranger = await registerUser(stores)
    const results = await race(many, (index) =>
      stores.users.changePassword({
        caller: { sessionId: session.id, userId: user.id, now },
        from: 'hash',
        to: `hash-${index}`,
        provenBy: null,
      }),
    )
    expect(results.filter((result) => result === 'changed')).toHaveLength(1)
    expect(await stores.users.findPasswordHash(user.id)).toBe(`hash-${results.indexOf('changed')}`)
    expect(await stores.sessions.find(other.id)).toBeNull()
    expect(await stores.sessions.find(session.id)).not.toBeNull()
    expect(await stores.sessions.find(stranger.session.id)).not.toBeNull()
    expect(await stores.users.findPasswordHash(stranger.user.id)).toBe('hash')
  })

  it('with another hash than the stored one changes nothing', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const other = await signIn(stores, identity)
    for (const from of ['another', null])
      expect(await changePassword(stores, user.id, { from, to: 'new' })).toBe('outdated')
    expect(await stores.users.findPasswordHash(user.id)).toBe('hash')
    expect(await stores.sessions.find(other.id)).not.toBeNull()
  })

  it('of first passwords that race one is stored', async () => {
    const stores = await make()
    const { identity, user, session } = await registerUser(stores, {
      user: newUser(withoutAccount),
    })
    const results = await race(4, (index) =>
      stores.users.changePassword({
        caller: { sessionId: session.id, userId: user.id, now },
        from: null,
        to: `hash-${index}`,
        provenBy: identity,
        name: { account: `Name${index}`, accountKey: `name${index}` },
      }),
    )
    expect(results.filter((result) => result === 'changed')).toHaveLength(1)
    expect(await stores.users.findPasswordHash(user.id)).toBe(`hash-${results.indexOf('changed')}`)
  })

  it('as the first one gives a name to a user who has none, and to no other', async () => {
    const stores = await make()
    const { user } = await registerUser(stores, { user: newUser(withoutAccount) })
    const other = await registerUser(stores)
    const set = (account: string | null) =>
      changePassword(stores, user.id, {
        from: null,
        to: 'first',
        ...(account === null ? {} : { name: { account, accountKey: account.toLowerCase() } }),
      })
    expect(await set(null)).toBe('unnamed')
    expect(await set(other.user.account ?? '')).toBe('account_taken')
    expect(await stores.users.findPasswordHash(user.id)).toBeNull()
    expect(await set('Ming')).toBe('changed')
    expect(await stores.users.findByAccount('ming')).toMatchObject({
      id: user.id,
      account: 'Ming',
      passwordHash: 'first',
    })
    const named = await registerUser(stores, { user: newUser({ passwordHash: null }) })
    const change = { from: null, to: 'first' }
    const name = { account: 'hong', accountKey: 'hong' }
    expect(await changePassword(stores, named.user.id, { ...change, name })).toBe('outdated')
    expect(await changePassword(stores, named.user.id, change)).toBe('changed')
  })

  it('as the first one needs no name where there is a number', async () => {
    const stores = await make()
    const { user } = await registerUser(stores, { user: newUser(withoutAccount) })
    await setPhone(stores, user.id, '13800000001')
    const change = { from: null, to: 'first' }
    expect(await changePassword(stores, user.id, change)).toBe('changed')
    expect(await stores.users.findByPhone('13800000001')).toMatchObject({ passwordHash: 'first' })
  })

  it('as the first one rests on an identity that the user still has', async () => {
    const stores = await make()
    const { user } = await registerUser(stores, { user: newUser() })
    const { user: first, identity } = await registerUser(stores, {
      user: newUser({ passwordHash: null }),
    })
    const other = await registerUser(stores)
    const set = (provenBy: IdentityRef) =>
      changePassword(stores, first.id, { from: null, to: 'first', provenBy })
    for (const provenBy of [other.identity, newIdentity(), { ...identity, appId: 'wx2' }])
      expect(await set(provenBy)).toBe('unproven')
    expect(await stores.users.findPasswordHash(first.id)).toBeNull()
    expect(await set(identity)).toBe('changed')
    expect(await stores.users.findPasswordHash(user.id)).toBe('hash')
  })
}

function renewalConforms(make: MakeStores): void {
  it('of calls that race from one hash one stores its own, and no session ends', async () => {
    const stores = await make()
    const { user, session } = await registerUser(stores)
    const results = await race(many, (index) =>
      stores.users.renewPasswordHash(user.id, { from: 'hash', to: `hash-${index}` }),
    )
    expect(results.filter((isStored) => isStored)).toHaveLength(1)
    expect(await stores.users.findPasswordHash(user.id)).toBe(`hash-${results.indexOf(true)}`)
    expect(await stores.sessions.find(session.id)).not.toBeNull()
  })

  it('stores nothing for a user who has another hash, none, or does not exist', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const without = await registerUser(stores, { user: newUser(withoutAccount) })
    const change = { from: 'another', to: 'new' }
    for (const id of [user.id, without.user.id, 'unknown'])
      expect(await stores.users.renewPasswordHash(id, change)).toBe(false)
    expect(await stores.users.findPasswordHash(user.id)).toBe('hash')
    expect(await stores.users.findPasswordHash(without.user.id)).toBeNull()
  })
}

function profilesConform(make: MakeStores): void {
  it('changes the given values and leaves the rest', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const other = await registerUser(stores)
    const avatarUrl = 'https://pictures.example/1.png'
    expect(await updateProfile(stores, user.id, { nickname: '小明', avatarUrl })).toMatchObject({
      id: user.id,
      nickname: '小明',
      avatarUrl,
    })
    expect(await updateProfile(stores, user.id, { nickname: null })).toMatchObject({
      nickname: null,
      avatarUrl,
    })
    expect(await updateProfile(stores, user.id, { nickname: 'Ming' })).toMatchObject({ avatarUrl })
    expect(await updateProfile(stores, user.id, { avatarUrl: null })).toMatchObject({
      nickname: 'Ming',
      avatarUrl: null,
    })
    expect(await updateProfile(stores, other.user.id, {})).toMatchObject({ nickname: null })
  })

  it('drops the kept picture with its address, and keeps it with an address that stays', async () => {
    const stores = await make()
    const { pictureAt } = stores
    const { user } = await registerUser(stores)
    const address = await keepPicture(stores, user.id)
    await updateProfile(stores, user.id, { nickname: 'Ming' })
    await updateProfile(stores, user.id, { avatarUrl: address })
    expect(Array.from((await pictureAt(address))?.bytes ?? [])).toEqual([1])
    await updateProfile(stores, user.id, { avatarUrl: 'https://pictures.example/1.png' })
    expect(await pictureAt(address)).toBeNull()
  })
}

function phonesConform(make: MakeStores): void {
  it('keeps the whole number and shows it masked', async () => {
    const stores = await make()
    const { user, session } = await registerUser(stores)
    const changed = await setPhone(stores, user.id, '+85213800005')
    expect(changed).toMatchObject({ id: user.id, phone: '+852****0005' })
    expect((await stores.sessions.find(session.id))?.user.phone).toBe('+852****0005')
    expect(await stores.people.phoneOf(user.id)).toBe('+85213800005')
  })

  it('finds its user', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    await setPhone(stores, user.id, '+85213800005')
    expect(await stores.users.findByPhone('+85213800005')).toMatchObject({
      id: user.id,
      passwordHash: 'hash',
      phoneProvenAt: now,
    })
    expect(await stores.users.findByPhone('85213800005')).toBeNull()
  })

  it('tells apart numbers that differ in the country code only', async () => {
    const stores = await make()
    const ming = await registerUser(stores)
    const hong = await registerUser(stores)
    expect(await setPhone(stores, ming.user.id, '+8529123456789')).toMatchObject({})
    expect(await setPhone(stores, hong.user.id, '+8539123456789')).toMatchObject({
      id: hong.user.id,
    })
  })

  it('of users that race for one number one gets it', async () => {
    const stores = await make()
    const users = await race(4, () => registerUser(stores))
    const results = await Promise.all(
      users.map(({ user }) => setPhone(stores, user.id, '13800000004')),
    )
    expect(results.filter((result) => result === 'taken')).toHaveLength(3)
    const phones = await Promise.all(users.map(({ user }) => stores.people.phoneOf(user.id)))
    expect(phones.filter((phone) => phone !== null)).toEqual(['13800000004'])
  })

  it('may be repeated, and frees the number before', async () => {
    const stores = await make()
    const ming = await registerUser(stores)
    const hong = await registerUser(stores)
    await setPhone(stores, ming.user.id, '13800000001')
    expect(await setPhone(stores, ming.user.id, '13800000001')).toMatchObject({
      id: ming.user.id,
    })
    await setPhone(stores, ming.user.id, '13800000002')
    expect(await setPhone(stores, hong.user.id, '13800000001')).toMatchObject({
      id: hong.user.id,
    })
  })

  it('rests on an identity that the user still has', async () => {
    const stores = await make()
    const { user, identity, session } = await registerUser(stores)
    const other = await registerUser(stores)
    const caller = { sessionId: session.id, userId: user.id, now }
    for (const provenBy of [other.identity, newIdentity(), { ...identity, appId: 'wx2' }])
      expect(await stores.users.setPhone({ caller, provenBy, phone: '13800000001', rules })).toBe(
        'unproven',
      )
    expect(await stores.people.phoneOf(user.id)).toBeNull()
  })
}
