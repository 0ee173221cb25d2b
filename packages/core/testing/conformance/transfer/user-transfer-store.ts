import { describe, expect, it } from 'vitest'
import {
  type ExportedUser,
  type ExportRequest,
  type ImportedIdentity,
  type ImportedUser,
  ownHashPrefix,
} from '../../../src/transfer/index.ts'
import { mergePair, openPair, orderOf } from '../admin/merges/merge-drafts.ts'
import { addPeople } from '../admin/people/people.ts'
import { setPhone } from '../callers.ts'
import {
  bindTo,
  byCode,
  issueTicket,
  many,
  newIdentity,
  newSession,
  newUser,
  now,
  race,
  registerUser,
  requireBound,
  rules,
  signIn,
  unbind,
  unique,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

const nothing: ImportedUser = {
  id: null,
  externalId: null,
  account: null,
  passwordHash: null,
  phone: null,
  phoneProvenAt: null,
  nickname: null,
  identities: [],
  disabledAt: null,
  createdAt: null,
}

const draft = (user: Partial<ImportedUser>) => ({
  user: { ...nothing, ...user },
  newId: unique('new-user'),
  now,
})

const fullUser = (): ImportedUser => ({
  id: unique('imported'),
  externalId: unique('external'),
  account: unique('Name'),
  passwordHash: '$2b$10$hash',
  phone: '13900000001',
  phoneProvenAt: now - 5,
  nickname: '小明',
  identities: [
    { appId: 'wx1', openid: unique('openid'), unionid: unique('unionid') },
    { appId: 'wx2', openid: unique('openid'), unionid: null },
  ],
  disabledAt: now - 1,
  createdAt: now - 10,
})

async function importOne({ transfer }: TestedStores, user: Partial<ImportedUser>) {
  const [outcome] = await transfer.importUsers([draft(user)])
  if (outcome === undefined) throw new Error('each user has an outcome')
  return outcome
}

async function exported({ transfer }: TestedStores, request: Partial<ExportRequest> = {}) {
  const users: ExportedUser[] = []
  for await (const page of transfer.exportUsers({ pageSize: 10, withPhone: true, ...request }))
    users.push(...page)
  return users
}

export function describeUserTransferStore(make: MakeStores): void {
  describe('the user transfer store', () => {
    describe('importUsers', () => importsConform(make))
    describe('of a user who is there', () => presentUsersConform(make))
    describe('an imported identity', () => importedIdentitiesConform(make))
    describe('exportUsers', () => exportsConform(make))
    describe('nextImportedHash', () => importedHashesConform(make))
  })
}

function importsConform(make: MakeStores): void {
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
      { ...nothing, id: one.newId, account: 'ming', createdAt: now },
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

function presentUsersConform(make: MakeStores): void {
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

function importedIdentitiesConform(make: MakeStores): void {
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

function importedHashesConform(make: MakeStores): void {
  it('goes through the hashes that the service did not make, in the order of their bytes', async () => {
    const stores = await make()
    const own = `${ownHashPrefix}salt$hash`
    const other = `${ownHashPrefix.replace('t=2', 't=3')}salt$hash`
    const imported = ['md5$$b', '$2b$10$a', other, '$2b$10$Z', 'pbkdf2:a']
    await stores.transfer.importUsers(
      [own, ...imported, own, null].map((passwordHash) =>
        draft({ account: unique('name'), passwordHash }),
      ),
    )
    const next = stores.transfer.nextImportedHash
    const found: string[] = []
    for (let hash = await next(''); hash !== null; hash = await next(hash)) found.push(hash)
    expect(found).toEqual(imported.toSorted((one, two) => (one < two ? -1 : 1)))
    expect(await next('$2b$10$\uffff')).toBe(other)
    expect(await next('q')).toBeNull()
  })
}

function exportsConform(make: MakeStores): void {
  it('goes through all users by their ids, a page at a time', async () => {
    const stores = await make()
    const ids = ['B', 'a', 'C', 'b', 'A', '_', '-', '1'].map((id) => `id${id}`)
    await stores.transfer.importUsers(ids.map((id) => draft({ id })))
    const sorted = ids.toSorted((one, other) => (one < other ? -1 : 1))
    const pages: string[][] = []
    for await (const page of stores.transfer.exportUsers({ pageSize: 3, withPhone: false }))
      pages.push(page.map(({ id }) => id))
    expect(pages).toEqual([sorted.slice(0, 3), sorted.slice(3, 6), sorted.slice(6)])
    expect(await exported(stores, { pageSize: 4 })).toHaveLength(8)
    expect(await exported(await make())).toEqual([])
  })

  it('lists the identities of a user by app', async () => {
    const stores = await make()
    const identities = ['wx2', 'wx1', 'wx3'].map((appId) => ({
      appId,
      openid: unique('openid'),
      unionid: null,
    }))
    await importOne(stores, { id: 'a', identities })
    const [user] = await exported(stores)
    expect(user?.identities.map(({ appId }) => appId)).toEqual(['wx1', 'wx2', 'wx3'])
  })

  it('has a number only where it is asked for', async () => {
    const stores = await make()
    await importOne(stores, fullUser())
    const [user] = await exported(stores, { withPhone: false })
    expect(user).toMatchObject({ phone: null, phoneProvenAt: null, nickname: '小明' })
  })

  it('has no user who was merged into another one', async () => {
    const stores = await openPair(make)
    await mergePair(stores)
    expect((await exported(stores)).map(({ id }) => id)).toEqual(['kept'])
  })

  it('has all users as they were at its first page, beside a merge, a moved number and an import', async () => {
    const identities = [['wx2']] as const
    const stores = await openPair(make, {
      kept: { account: 'late', phone: '13900000001', identities },
    })
    await importOne(stores, { id: 'a', account: 'first', phone: '13900000002' })
    await addPeople(stores, [{ id: 'z' }])
    const before = await exported(stores)
    expect(before.map(({ id }) => id)).toEqual(['a', 'gone', 'kept', 'z'])
    const found: ExportedUser[] = []
    for await (const page of stores.transfer.exportUsers({ pageSize: 1, withPhone: true })) {
      found.push(...page)
      if (page[0]?.id === 'a') {
        await stores.people.clearPhone('a', rules)
        await setPhone(stores, 'z', '13900000002')
      }
      if (page[0]?.id === 'gone') await mergePair(stores, 'm1', orderOf('gone', 'kept'))
      if (page[0]?.id === 'kept') await importOne(stores, { id: 'zz' })
    }
    expect(found).toEqual(before)
    const after = await exported(stores)
    expect(after.map(({ id, phone }) => `${id} ${phone}`)).toEqual([
      'a null',
      'gone 13900000001',
      'z 13900000002',
      'zz null',
    ])
  })

  it('ends where its reader stops, or throws', async () => {
    const stores = await make()
    await stores.transfer.importUsers([draft({ id: 'a' }), draft({ id: 'b' })])
    const first = async () => {
      for await (const [user] of stores.transfer.exportUsers({ pageSize: 1, withPhone: true }))
        return user?.id
      return null
    }
    const failing = async () => {
      for await (const _ of stores.transfer.exportUsers({ pageSize: 1, withPhone: true }))
        throw new Error('the reader is gone')
    }
    expect(await first()).toBe('a')
    await expect(failing()).rejects.toThrow('the reader is gone')
    expect(await exported(stores)).toHaveLength(2)
  })

  it('has a user of the service itself', async () => {
    const stores = await make()
    const user = newUser()
    const { identity } = await registerUser(stores, { user })
    const { appId, openid, unionid } = identity
    expect(await exported(stores)).toEqual([
      {
        ...nothing,
        id: user.id,
        account: user.account,
        passwordHash: user.passwordHash,
        identities: [{ appId, openid, unionid }],
        createdAt: user.createdAt,
      },
    ])
  })
}
