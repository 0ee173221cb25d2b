import { createHash } from 'node:crypto'
import { conflictKey, type MergeOrder } from '@mianmi/core/admin'
import { describe, expect, it } from 'vitest'
import type { Database } from '../../../src/store/sqlite/index.ts'
import { addUser, type Draft, insertUser, now, openAdminStores } from '../stores.ts'

const hour = 3_600_000
const undoUntil = now + 24 * hour
const rules = { appIds: ['wx1', 'wx2'], phoneTrust: 0, now }
const newMerge = (id: string) => ({ id, adminId: 'administrator', at: now, undoUntil, rules })

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
    .prepare('insert or ignore into unionid_conflicts values (?, ?, ?, ?)')
    .run(unionid, firstUserId, secondUserId, now)
}

/** Everything there is of users, but for the sessions, which end either way and leave `last_seen_at`. */
function everything({ sqlite }: Database) {
  const rows = (table: string, order: string) =>
    sqlite.prepare(`select * from ${table} order by ${order}`).all()
  return {
    users: rows('users', 'id'),
    identities: rows('identities', 'app_id, openid').map((row) => ({
      ...(row as object),
      last_seen_at: 0,
    })),
    avatars: rows('avatars', 'user_id'),
    conflicts: rows('unionid_conflicts', 'unionid, first_user_id, second_user_id'),
  }
}

async function openPair(kept: Partial<Draft> = {}, gone: Partial<Draft> = {}) {
  const stores = openAdminStores()
  const { database } = stores
  addUser(database, { id: 'kept', ...kept })
  addUser(database, { id: 'gone', ...gone })
  noteConflict(database, 'kept', 'gone')
  return stores
}

/** What SQLite adds to the conformance suite: every column comes back, and what is at rest. */
describe('the SQLite store of merges', () => {
  it('keeps no password hash and no number in what an undo goes by', async () => {
    const { database, merges } = await openPair({}, { account: 'anna', phone: '13912345678' })
    await merges.merge(orderOf('kept', 'gone'), newMerge('m1'))
    const moved = database.sqlite.prepare('select moved from merges').pluck().get()
    expect(moved).not.toContain('hash of anna')
    expect(moved).not.toContain('13912345678')
    // A merge of the version before can still be undone: the stored name does not change.
    expect(Object.keys(JSON.parse(String(moved)))).toContain('passwordPrint')
  })

  it('leaves every column as it was before a merge that is undone, whatever the two users had', {
    timeout: 60_000,
  }, async () => {
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
      expect(await merges.undo(id, { ...rules, now: now + hour }), `${round}`).toBe('undone')
      expect(everything(database), `${round}`).toEqual(before)
      database.writeNow(() => database.sqlite.exec('delete from users'))
    }
  })
})

/** Users of whom WeChat has returned the same unionid, as pairs: an undo notes them, so they are noted from the start. */
function noteSharedUnionids(database: Database): void {
  const owners = database.sqlite
    .prepare("select distinct user_id from identities where unionid = 'union' order by user_id")
    .pluck()
    .all() as string[]
  for (const [at, one] of owners.entries())
    for (const other of owners.slice(at + 1)) noteConflict(database, one, other)
}

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
  noteSharedUnionids(database)
  noteConflict(database, 'kept', 'gone')
  if (bit(60)) noteConflict(database, 'kept', 'x')
  if (bit(61)) noteConflict(database, 'gone', 'x')
  if (bit(62)) noteConflict(database, 'gone', 'x', 'union 2')
}
