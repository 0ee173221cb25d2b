import type pg from 'pg'
import { hour, now } from './nodes.ts'

/** The rows of a round of `explore`, written beside the stores. */

/** Users with a password, whose account names are their ids. */
export async function insertUsers(client: pg.Client, ids: readonly string[]): Promise<void> {
  await client.query(
    `insert into users (id, account, account_key, password_hash, created_at)
     select id, id, id, 'hash', $2 from unnest($1::text[]) as u(id)`,
    [ids, now],
  )
}

interface IdentityRow {
  readonly appId: string
  readonly openid: string
  readonly userId: string
  readonly unionid?: string | null
  readonly boundBy?: string
}

/** Identities, bound by a registration where nothing else is said. */
export async function insertIdentities(
  client: pg.Client,
  rows: readonly IdentityRow[],
): Promise<void> {
  for (const { appId, openid, userId, unionid = null, boundBy = 'register' } of rows)
    await client.query(
      `insert into identities (app_id, openid, user_id, unionid, bound_at, bound_by, sealed_key, key_fingerprint)
       values ($1, $2, $3, $4, $5, $6, 'k', 'f')`,
      [appId, openid, userId, unionid, now, boundBy],
    )
}

interface SessionRow {
  readonly id: string
  readonly userId: string
  readonly appId: string
}

/** Sessions that last for an hour. */
export async function insertSessions(
  client: pg.Client,
  rows: readonly SessionRow[],
): Promise<void> {
  for (const { id, userId, appId } of rows)
    await client.query(
      `insert into sessions (id, user_id, app_id, created_at, last_seen_at, rotated_at, expires_at)
       values ($1, $2, $3, $4, $4, $4, $5)`,
      [id, userId, appId, now, now + hour],
    )
}
