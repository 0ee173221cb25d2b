import { randomBytes, randomInt } from 'node:crypto'
import Database from 'better-sqlite3'
import { appId } from '../servers/servers.mjs'

const month = 30 * 24 * 3_600_000

/** For example a phone, a tablet, and a lost phone. */
const sessionsPerUser = 3

/**
 * Adds users, each with an identity and three sessions, until there are `total`. The existing users are spread evenly
 * among the new ones, in the tables and in the indexes, as if all had signed up over the years. Otherwise their rows
 * would share a few pages, and the size of the database would have no effect.
 */
export function fillDatabase(path, total) {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = OFF')
  db.pragma('foreign_keys = OFF')
  db.pragma('cache_size = -262144')
  const existing = db.prepare('select count(*) from users').pluck().get()
  const step = Math.floor(total / existing)
  if (step > 1) db.transaction(() => addUsersBetween(db, { existing, step }))()
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

function addUsersBetween(db, { existing, step }) {
  spreadIdentities(db, step)
  const createId = createIdGenerator(db)
  const known = db.prepare('select user_id from identities order by rowid').pluck().all()
  const user = db.prepare('insert into users (id, created_at) values (?, ?)')
  const identity = db.prepare(`
    insert into identities (rowid, app_id, openid, user_id, bound_at, sealed_key, key_fingerprint)
    values (?, ?, ?, ?, ?, ?, ?)`)
  const session = db.prepare(`
    insert into sessions (id, user_id, app_id, created_at, last_seen_at, expires_at, rotated_at)
    values (?, ?, ?, ?, ?, ?, ?)`)
  const now = Date.now()
  for (let row = 1; row <= existing * step; row += 1) {
    const isExisting = row % step === 0
    const userId = isExisting ? known[row / step - 1] : createId()
    const at = now - randomInt(month / 2)
    if (!isExisting) {
      user.run(userId, at)
      // A sealed key is 60 bytes in base64url, its fingerprint 12.
      const sealed = randomBytes(45).toString('base64url')
      const fingerprint = randomBytes(9).toString('base64url')
      identity.run(
        row,
        appId,
        randomBytes(21).toString('base64url'),
        userId,
        at,
        sealed,
        fingerprint,
      )
    }
    for (let own = isExisting ? 1 : 0; own < sessionsPerUser; own += 1)
      session.run(createId(), userId, appId, at, at, at + month, at)
  }
}

/**
 * Row 1 becomes row `step`, row 2 becomes row 2 × `step`, by way of negative numbers, which no row has. Users and
 * sessions are stored in the order of their ids.
 */
function spreadIdentities(db, step) {
  db.exec(`update identities set rowid = -rowid * ${step}`)
  db.exec('update identities set rowid = -rowid')
}

/** Creates ids in the format of the service (time, then random bits), in the time range of the existing ids. */
function createIdGenerator(db) {
  const [first, last] = db.prepare('select min(id), max(id) from users').raw().get()
  const from = Number.parseInt(first.slice(0, 12), 16)
  const to = Number.parseInt(last.slice(0, 12), 16)
  return () => {
    const time = from + randomInt(Math.max(1, to - from + 1))
    return time.toString(16).padStart(12, '0') + randomBytes(10).toString('hex')
  }
}
