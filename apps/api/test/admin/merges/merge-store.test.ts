import { createHash } from 'node:crypto'
import { conflictKey, type MergeOrder } from '@mianmi/core/admin'
import { describe, expect, it } from 'vitest'
import { createIdentityStore, type Database } from '../../../src/store/index.ts'
import { addUser, type Draft, insertUser, now, openAdminStores } from '../stores.ts'

const hour = 3_600_000
const undoUntil = now + 24 * hour
const newMerge = (id: string) => ({ id, adminId: 'administrator', at: now, undoUntil })

const orderOf = (kept: string, gone: string, unionid = 'union'): MergeOrder => ({
  ...conflictKey({ unionid, firstUserId: kept, secondUserId: gone }),
  keepUserId: kept,
})

/** Writes down that two users are one person. */
function noteConflict({ sqlite }: Database, one: string, other: string, unionid = 'union'): void {
  const { firstUserId, secondUserId } = conflictKey({
    unionid,
    firstUserId: one,
    secondUserId: other,
  })
  sqlite
    .prepare('insert into unionid_conflicts values (?, ?, ?, ?)')
    .run(unionid, firstUserId, secondUserId, now)
}

/** Everything there is of users, but for the sessions, which end either way. */
function everything({ sqlite }: Database) {
  const rows = (table: string, order: string) =>
    sqlite.prepare(`select * from ${table} order by ${order}`).all()
  return {
    users: rows('users', 'id'),
    identities: rows('identities', 'app_id, openid'),
    avatars: rows('avatars', 'user_id'),
    conflicts: rows('unionid_conflicts', 'unionid, first_user_id, second_user_id'),
  }
}

const conflictsIn = ({ sqlite }: Database) =>
  sqlite
    .prepare("select first_user_id || ' ' || second_user_id from unionid_conflicts order by 1")
    .pluck()
    .all()

async function openPair(kept: Partial<Draft> = {}, gone: Partial<Draft> = {}) {
  const stores = openAdminStores()
  const { database } = stores
  addUser(database, { id: 'kept', ...kept })
  addUser(database, { id: 'gone', ...gone })
  noteConflict(database, 'kept', 'gone')
  return stores
}

describe('merging two users', () => {
  it('moves what the kept user has not, and leaves what both have', async () => {
    const { database, merges, people } = await openPair(
      { phone: '13800000001', identities: [['wx1', 'other']] },
      {
        account: 'anna',
        phone: '13800000002',
        nickname: 'Anna',
        identities: [
          ['wx1', 'union'],
          ['wx2', 'union'],
        ],
        sessions: 2,
      },
    )
    const order = orderOf('kept', 'gone')
    const preview = await merges.preview(order, now)
    expect(preview).toMatchObject({
      moves: { account: 'anna', password: true, phone: null, nickname: 'Anna', avatarUrl: null },
      stays: { account: null, phone: '138****0001', nickname: null },
      endedSessions: 2,
    })
    expect(preview?.moves.identities.map(({ appId }) => appId)).toEqual(['wx2'])
    expect(preview?.stays.identities.map(({ openid }) => openid)).toEqual(['openid of kept in wx1'])
    expect(await merges.merge(order, newMerge('m1'))).toEqual({
      id: 'm1',
      mergedAt: now,
      undoUntil,
      undoneAt: null,
      kept: { id: 'kept', name: null },
      gone: { id: 'gone', name: 'anna' },
      adminId: 'administrator',
    })
    expect(await people.find('kept')).toMatchObject({
      account: 'anna',
      hasPassword: true,
      nickname: 'Anna',
      phone: '138****0001',
      appIds: ['wx1', 'wx2'],
    })
    expect(await people.find('gone')).toBeNull()
    expect(database.sqlite.prepare('select count(*) from sessions').pluck().get()).toBe(0)
    const listed = await people.list({ search: null, limit: 10 })
    expect(listed.items.map(({ id }) => id)).toEqual(['kept'])
    expect((await merges.conflicts({ limit: 10 })).items).toEqual([])
  })

  it('seals a number that moves for its new owner', async () => {
    const { merges, people } = await openPair({}, { phone: '13912345678' })
    await merges.merge(orderOf('kept', 'gone'), newMerge('m1'))
    expect(await people.phoneOf('kept')).toBe('13912345678')
    await merges.undo('m1', now)
    expect(await people.phoneOf('gone')).toBe('13912345678')
    expect(await people.phoneOf('kept')).toBeNull()
  })

  it('keeps no password hash and no number in what an undo goes by', async () => {
    const { database, merges } = await openPair({}, { account: 'anna', phone: '13912345678' })
    await merges.merge(orderOf('kept', 'gone'), newMerge('m1'))
    const moved = database.sqlite.prepare('select moved from merges').pluck().get()
    expect(moved).not.toContain('hash of anna')
    expect(moved).not.toContain('13912345678')
    // A merge of the version before can still be undone: the stored name does not change.
    expect(Object.keys(JSON.parse(String(moved)))).toContain('passwordPrint')
  })

  it('never joins an account to the password of another', async () => {
    const { database, merges, people } = await openPair({}, { account: 'anna' })
    database.sqlite.exec("update users set password_hash = 'own' where id = 'kept'")
    await merges.merge(orderOf('kept', 'gone'), newMerge('m1'))
    expect(await people.find('kept')).toMatchObject({ account: null, hasPassword: true })
  })

  it('happens once: of two at the same time one is told not_found, also the other way round', async () => {
    const { merges, people } = await openPair()
    const results = await Promise.all([
      merges.merge(orderOf('kept', 'gone'), newMerge('m1')),
      merges.merge(orderOf('gone', 'kept'), newMerge('m2')),
    ])
    expect(results[0]).toMatchObject({ id: 'm1' })
    expect(results[1]).toBe('not_found')
    expect(await people.find('kept')).not.toBeNull()
  })

  it('takes no administrator into another user', async () => {
    const { database, merges } = await openPair({}, { role: 'admin', account: 'root' })
    const before = everything(database)
    expect(await merges.merge(orderOf('kept', 'gone'), newMerge('m1'))).toBe('administrator')
    expect(everything(database)).toEqual(before)
  })

  it('hands the other conflicts of who goes to the kept user, once each', async () => {
    const { database, merges } = await openPair()
    for (const id of ['x', 'y']) addUser(database, { id })
    noteConflict(database, 'gone', 'x')
    noteConflict(database, 'gone', 'y')
    noteConflict(database, 'kept', 'y')
    const before = everything(database)
    await merges.merge(orderOf('kept', 'gone'), newMerge('m1'))
    expect(conflictsIn(database)).toEqual(['kept x', 'kept y'])
    await merges.undo('m1', now)
    expect(everything(database)).toEqual(before)
  })

  it('leaves nothing that a unionid proves with who goes', async () => {
    const { database, merges } = await openPair(
      { identities: [['wx1'], ['wx2', 'union']] },
      { identities: [['wx1', 'union']] },
    )
    await merges.merge(orderOf('kept', 'gone'), newMerge('m1'))
    const key = { sealed: 'new', fingerprint: 'new' }
    const identity = { appId: 'wx3', openid: 'new', unionid: 'union', key }
    const session = { id: 's', appId: 'wx3', device: null, createdAt: now, expiresAt: now + 1 }
    const use = { key: 'k', limit: 9, windowMs: 1, now, unwritten: 0 }
    const signedIn = await createIdentityStore(database).signIn({ identity, session, use })
    expect(signedIn).toMatchObject({ status: 'bound', user: { id: 'kept' } })
    expect(conflictsIn(database)).toEqual([])
  })
})

describe('undoing a merge', () => {
  it('leaves everything as it was, whatever the two had', { timeout: 60_000 }, async () => {
    const { database, merges } = openAdminStores()
    for (let round = 0; round < 250; round++) {
      const dice = createHash('sha256').update(`merge ${round}`).digest()
      database.writeNow(() => drawCase(database, dice))
      const before = everything(database)
      const id = `merge ${round}`
      expect(await merges.merge(orderOf('kept', 'gone'), newMerge(id))).toMatchObject({ id })
      const parts = everything(database)
      expect(parts.identities, `${round}`).toHaveLength(before.identities.length)
      expect(parts.avatars, `${round}`).toHaveLength(before.avatars.length)
      expect(await merges.undo(id, now + hour), `${round}`).toBe(true)
      expect(everything(database), `${round}`).toEqual(before)
      database.writeNow(() => database.sqlite.exec('delete from users'))
    }
  })

  it('leaves with the kept user what was changed since', async () => {
    const { database, merges, people } = await openPair(
      {},
      {
        account: 'anna',
        phone: '13912345678',
        nickname: 'Anna',
        avatarUrl: 'https://a.example/1.png',
        identities: [['wx1', 'union'], ['wx2', 'union'], ['wx3']],
      },
    )
    await merges.merge(orderOf('kept', 'gone'), newMerge('m1'))
    database.sqlite.exec(`
      update users set password_hash = 'changed', nickname = 'Changed' where id = 'kept';
      delete from identities where app_id = 'wx1';
      update identities set bound_at = bound_at + 1 where app_id = 'wx2'`)
    expect(await merges.undo('m1', now + hour)).toBe(true)
    expect(await people.find('kept')).toMatchObject({
      account: 'anna',
      hasPassword: true,
      nickname: 'Changed',
      phone: null,
      avatarUrl: null,
      appIds: ['wx2'],
    })
    expect(await people.find('gone')).toMatchObject({
      account: null,
      hasPassword: false,
      nickname: null,
      phone: '139****5678',
      avatarUrl: 'https://a.example/1.png',
      appIds: ['wx3'],
      disabledAt: null,
    })
  })

  it('works once, and within 24 hours', async () => {
    const { merges, people } = await openPair()
    const order = orderOf('kept', 'gone')
    await merges.merge(order, newMerge('m1'))
    expect(await merges.undo('m1', undoUntil)).toBe(false)
    const both = await Promise.all([merges.undo('m1', undoUntil - 1), merges.undo('m1', now)])
    expect(both).toEqual([true, false])
    expect(await people.find('gone')).toMatchObject({ id: 'gone', disabledAt: null })
    expect(await merges.list(50)).toMatchObject([{ id: 'm1', undoneAt: undoUntil - 1 }])
    expect(await merges.merge(order, newMerge('m2'))).toMatchObject({ id: 'm2' })
  })

  it('goes backwards where the kept user was merged too', async () => {
    const { database, merges, people } = await openPair({}, { nickname: 'Anna' })
    addUser(database, { id: 'third' })
    noteConflict(database, 'kept', 'third')
    const before = everything(database)
    await merges.merge(orderOf('kept', 'gone'), newMerge('m1'))
    await merges.merge(orderOf('third', 'kept'), newMerge('m2'))
    expect(await people.find('third')).toMatchObject({ nickname: 'Anna' })
    expect(await merges.undo('m1', now)).toBe(false)
    expect(await merges.undo('m2', now)).toBe(true)
    expect(await merges.undo('m1', now)).toBe(true)
    expect(everything(database)).toEqual(before)
  })
})

/** Two users with whatever the dice give them, a third one, and conflicts between them. */
function drawCase(database: Database, dice: Buffer): void {
  const bit = (at: number): boolean => ((dice[at >> 3] ?? 0) >> (at & 7)) % 2 === 1
  const draw = (id: string, offset: number): Draft => ({
    id,
    account: bit(offset) ? `account of ${id}` : undefined,
    phone: bit(offset + 1) ? `138000000${id === 'kept' ? 10 : 20}` : undefined,
    nickname: bit(offset + 2) ? (bit(offset + 3) ? 'Same' : `Name of ${id}`) : undefined,
    avatarUrl: bit(offset + 4) ? `https://a.example/${id}.png` : undefined,
    disabledAt: bit(offset + 5) && bit(offset + 6) ? now - 5 : undefined,
    identities: ['wx1', 'wx2', 'wx3', 'wx4']
      .filter((_, at) => bit(offset + 7 + at))
      .map((appId, at) => (bit(offset + 11 + at) ? [appId, 'union'] : [appId])),
    sessions: bit(offset + 15) ? 2 : 0,
  })
  insertUser(database, draw('kept', 0))
  insertUser(database, draw('gone', 20))
  insertUser(database, { ...draw('x', 40), phone: undefined })
  noteConflict(database, 'kept', 'gone')
  if (bit(60)) noteConflict(database, 'kept', 'x')
  if (bit(61)) noteConflict(database, 'gone', 'x')
  if (bit(62)) noteConflict(database, 'gone', 'x', 'union 2')
}
