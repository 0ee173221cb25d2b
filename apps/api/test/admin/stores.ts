import { createAuditReader } from '../../src/store/sqlite/admin/audit/audit-reader.ts'
import { createMergeStore } from '../../src/store/sqlite/admin/merges/merges.ts'
import { createPeopleStore } from '../../src/store/sqlite/admin/people/people.ts'
import { createPersonNoteStore } from '../../src/store/sqlite/admin/people/person-notes.ts'
import { type Database, prepareUsers } from '../../src/store/sqlite/index.ts'
import { openTestDatabase } from '../database.ts'

export const now = 1_800_000_000_000

/** A user that a test inserts. */
export interface Draft {
  readonly id: string
  readonly account?: string | undefined
  readonly phone?: string | undefined
  readonly nickname?: string | undefined
  /** With a picture behind it. */
  readonly avatarUrl?: string | undefined
  readonly role?: 'user' | 'admin'
  readonly disabledAt?: number | undefined
  readonly createdAt?: number
  /** The app, and perhaps a unionid. */
  readonly identities?: readonly (readonly [appId: string, unionid?: string])[]
  readonly sessions?: number
}

/** The admin side's stores over a real database file. */
export function openAdminStores() {
  const { database } = openTestDatabase()
  return { database, ...adminStoresOf(database) }
}

export const adminStoresOf = (database: Database) => ({
  people: createPeopleStore(database),
  personNotes: createPersonNoteStore(database),
  merges: createMergeStore(database),
  auditReader: createAuditReader(database),
})

export function addUser(database: Database, draft: Draft): void {
  database.writeNow(() => insertUser(database, draft))
}

export function insertUser(database: Database, draft: Draft): void {
  const { sqlite } = database
  const { id, account = null, phone, nickname = null, avatarUrl = null, role = 'user' } = draft
  const { disabledAt = null, createdAt = now, identities = [], sessions = 0 } = draft
  const passwordHash = account === null ? null : `hash of ${account}`
  const user = { id, account, accountKey: account, passwordHash, createdAt }
  prepareUsers(database).insert({ ...user, ...(phone === undefined ? {} : { phone }) })
  sqlite
    .prepare(
      'update users set nickname = ?, avatar_url = ?, role = ?, disabled_at = ? where id = ?',
    )
    .run(nickname, avatarUrl, role, disabledAt, id)
  if (avatarUrl !== null)
    sqlite
      .prepare("insert into avatars (user_id, hash, type, bytes) values (?, ?, 'png', x'00')")
      .run(id, `hash of ${avatarUrl}`)
  for (const [appId, unionid = null] of identities)
    sqlite
      .prepare(`insert into identities (app_id, openid, unionid, user_id, bound_at, sealed_key,
        key_fingerprint) values (?, ?, ?, ?, ?, 'sealed', 'fingerprint')`)
      .run(appId, `openid of ${id} in ${appId}`, unionid, id, createdAt)
  for (let count = 0; count < sessions; count++) insertSession(database, id, `${id} ${count}`)
}

export function insertSession({ sqlite }: Database, userId: string, id: string): void {
  sqlite
    .prepare(`insert into sessions (id, user_id, app_id, created_at, last_seen_at, expires_at,
      rotated_at) values (?, ?, 'wx1', ?, ?, ?, ?)`)
    .run(id, userId, now, now + 5, now + 60_000, now)
}
