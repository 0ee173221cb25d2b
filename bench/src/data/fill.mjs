import { randomBytes, randomInt } from 'node:crypto'
import Database from 'better-sqlite3'
import { appId } from '../servers/servers.mjs'

const month = 30 * 24 * 3_600_000

/** A phone, a tablet, and one that was lost. */
const sessionsEach = 3

/**
 * Adds users, each with an identity and three sessions, until there are `total`. Those who are there already
 * come to stand among them, in the tables and in the indexes, as people do who signed up over the years:
 * side by side, all of them would share a few pages, and the size of the rest would not show.
 */
export function fill(path, total) {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = OFF')
  db.pragma('foreign_keys = OFF')
  db.pragma('cache_size = -262144')
  const there = db.prepare('select count(*) from users').pluck().get()
  const step = Math.floor(total / there)
  if (step > 1) db.transaction(() => addBetween(db, { there, step }))()
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

function addBetween(db, { there, step }) {
  spreadIdentities(db, step)
  const ids = idsAmong(db)
  const known = db.prepare('select user_id from identities order by rowid').pluck().all()
  const user = db.prepare('insert into users (id, created_at) values (?, ?)')
  const identity = db.prepare(`
    insert into identities (rowid, app_id, openid, user_id, bound_at, sealed_key, key_fingerprint)
    values (?, ?, ?, ?, ?, ?, ?)`)
  const session = db.prepare(`
    insert into sessions (id, user_id, app_id, created_at, last_seen_at, expires_at, rotated_at)
    values (?, ?, ?, ?, ?, ?, ?)`)
  const now = Date.now()
  for (let row = 1; row <= there * step; row += 1) {
    const isThere = row % step === 0
    const userId = isThere ? known[row / step - 1] : ids()
    const at = now - randomInt(month / 2)
    if (!isThere) {
      user.run(userId, at)
      // A sealed key is 60 bytes in base64url, its fingerprint 12.
      const sealed = randomBytes(45).toString('base64url')
      const print = randomBytes(9).toString('base64url')
      identity.run(row, appId, randomBytes(21).toString('base64url'), userId, at, sealed, print)
    }
    for (let own = isThere ? 1 : 0; own < sessionsEach; own += 1)
      session.run(ids(), userId, appId, at, at, at + month, at)
  }
}

/**
 * Row 1 becomes row `step`, row 2 becomes row 2 × `step`, by way of numbers that nobody has. Users and
 * sessions stand in the order of their ids.
 */
function spreadIdentities(db, step) {
  db.exec(`update identities set rowid = -rowid * ${step}`)
  db.exec('update identities set rowid = -rowid')
}

/** Ids as the service makes them (time, then random bits), from the moments at which it made its own. */
function idsAmong(db) {
  const [first, last] = db.prepare('select min(id), max(id) from users').raw().get()
  const from = Number.parseInt(first.slice(0, 12), 16)
  const to = Number.parseInt(last.slice(0, 12), 16)
  return () => {
    const time = from + randomInt(Math.max(1, to - from + 1))
    return time.toString(16).padStart(12, '0') + randomBytes(10).toString('hex')
  }
}
