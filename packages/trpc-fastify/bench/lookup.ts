import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'

export interface Me {
  readonly id: string
  readonly nickname: string
  readonly createdAt: string
  readonly sessionId: string
  readonly expiresAt: string
}

export const token = 'token-500'

/** The work of a signed-in query beside HTTP: hash the token, run a prepared join. */
export function openLookup(): (authorization: string | undefined) => Me | undefined {
  const database = new Database(':memory:')
  database.exec(`
    create table users (id text primary key, nickname text, createdAt text) without rowid;
    create table sessions (hash blob primary key, id text, userId text, expiresAt text) without rowid;
  `)
  const addUser = database.prepare('insert into users values (?, ?, ?)')
  const addSession = database.prepare('insert into sessions values (?, ?, ?, ?)')
  database.transaction(() => {
    for (let i = 0; i < 10_000; i++) {
      addUser.run(`user-${i}`, `User ${i}`, '2026-01-01T00:00:00.000Z')
      addSession.run(hash(`token-${i}`), `session-${i}`, `user-${i}`, '2027-01-01T00:00:00.000Z')
    }
  })()
  const find = database.prepare<[Buffer], Me>(`
    select users.id, nickname, createdAt, sessions.id as sessionId, expiresAt
    from sessions join users on users.id = sessions.userId where hash = ?
  `)
  return (authorization) =>
    authorization === undefined ? undefined : find.get(hash(authorization.slice('Bearer '.length)))
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
