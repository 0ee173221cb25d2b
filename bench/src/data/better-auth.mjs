import { createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { betterAuthOptions } from '../../fixtures/better-auth-options.mjs'

const password = 'correct horse battery'
const week = 7 * 24 * 3_600_000

/**
 * Creates a Better Auth database with `people` users. One signs up through the API; the others are copies of its rows,
 * because 1,000 password hashes would take a minute.
 */
export async function prepareBetterAuth({ folder, secret, people }) {
  const database = join(folder, 'better-auth.db')
  const options = betterAuthOptions({ database, secret, port: 0 })
  const { runMigrations } = await getMigrations(options)
  await runMigrations()
  const body = { email: 'person0@example.com', password, name: 'Person 0' }
  await betterAuth(options).api.signUpEmail({ body })
  const db = options.database
  const hash = db.prepare('select password from account').pluck().get()
  db.exec('delete from user')
  const insert = prepareInserts(db)
  const created = db.transaction(() =>
    Array.from({ length: people }, (_, index) => insert(index, { hash, secret })),
  )()
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  return { database, people: created }
}

function prepareInserts(db) {
  const user = db.prepare(`
    insert into user (id, name, email, emailVerified, createdAt, updatedAt)
    values (@userId, @name, @email, 0, @now, @now)`)
  const account = db.prepare(`
    insert into account (id, accountId, providerId, userId, password, createdAt, updatedAt)
    values (@accountId, @userId, 'credential', @userId, @hash, @now, @now)`)
  const session = db.prepare(`
    insert into session (id, expiresAt, token, createdAt, updatedAt, ipAddress, userAgent, userId)
    values (@sessionId, @expiresAt, @token, @now, @now, '', '', @userId)`)
  return (index, { hash, secret }) => {
    const [userId, accountId, sessionId, token] = [id(), id(), id(), id()]
    const [name, email] = [`Person ${index}`, `person${index}@example.com`]
    const now = new Date().toISOString()
    const expiresAt = new Date(Date.now() + week).toISOString()
    user.run({ userId, name, email, now })
    account.run({ accountId, userId, hash, now })
    session.run({ sessionId, userId, token, expiresAt, now })
    return { userId, email, password, cookie: cookieOf(token, secret) }
  }
}

/** 32 characters, like the ids of Better Auth. */
const id = () => randomBytes(24).toString('base64url')

function cookieOf(token, secret) {
  const signature = createHmac('sha256', secret).update(token).digest('base64')
  return `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`
}
