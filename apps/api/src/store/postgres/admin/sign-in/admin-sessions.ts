import type { UserRecord } from '@mianmi/core'
import type { AdminSession } from '@mianmi/core/admin'
import { userRecordColumns } from '../../account/user-rows.ts'
import type { Queries } from '../../connection/index.ts'

/** The statements on sessions of the console. The row of their user is locked before any that deletes several. */

export const insertAdminSession = async (
  queries: Queries,
  session: AdminSession,
): Promise<void> => {
  const { hash, userId, factor, createdAt, lastSeenAt, expiresAt, passwordFingerprint } = session
  await queries.run(
    `insert into operator_sessions
       (hash, user_id, stage, created_at, last_seen_at, expires_at, password_mark)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [hash, userId, factor, createdAt, lastSeenAt, expiresAt, passwordFingerprint],
  )
}

type SessionRow = Omit<AdminSession, 'createdAt'> & UserRecord & { readonly openedAt: number }

/** The session with its user, or null. */
export async function findAdminSession(
  queries: Queries,
  hash: string,
): Promise<{ session: AdminSession; user: UserRecord } | null> {
  const row = await queries.first<SessionRow>(
    `select s.hash, s.user_id as "userId", s.stage as factor, s.created_at as "openedAt",
       s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt",
       s.password_mark as "passwordFingerprint", s.pending_secret as "pendingSecret",
       ${userRecordColumns}
     from operator_sessions s join users u on u.id = s.user_id where s.hash = $1`,
    [hash],
  )
  if (row === null) return null
  const { userId, factor, openedAt, lastSeenAt, expiresAt } = row
  const { passwordFingerprint, pendingSecret, hash: _, ...user } = row
  const times = { createdAt: openedAt, lastSeenAt, expiresAt }
  return {
    session: { hash, userId, factor, ...times, passwordFingerprint, pendingSecret },
    user: userOf(user),
  }
}

const userOf = (row: UserRecord): UserRecord => ({
  id: row.id,
  account: row.account,
  passwordHash: row.passwordHash,
  phone: row.phone,
  phoneProvenAt: row.phoneProvenAt,
  nickname: row.nickname,
  avatarUrl: row.avatarUrl,
  externalId: row.externalId,
  role: row.role,
  disabledAt: row.disabledAt,
  createdAt: row.createdAt,
})

/**
 * Deletes a session that has not proved the second factor. False where it has, or does not exist.
 *
 * @param secret the pending secret that the session must still have; null for any
 */
export const deleteFirstFactor = async (
  queries: Queries,
  hash: string,
  secret: string | null,
): Promise<boolean> =>
  (await queries.run(
    `delete from operator_sessions where hash = $1 and stage = 'first'
       and ($2::text is null or pending_secret = $2)`,
    [hash, secret],
  )) === 1

/** Ends the sessions of a user, except the given one. Returns how many ended. */
export const endAdminSessions = (
  queries: Queries,
  { userId, keep = null }: { readonly userId: string; readonly keep?: string | null },
): Promise<number> =>
  queries.run('delete from operator_sessions where user_id = $1 and hash is distinct from $2', [
    userId,
    keep,
  ])

/** Lets a session go on after a change of the password. */
export const renewAdminSession = async (
  queries: Queries,
  { hash, passwordFingerprint }: Pick<AdminSession, 'hash' | 'passwordFingerprint'>,
): Promise<void> =>
  void (await queries.run('update operator_sessions set password_mark = $2 where hash = $1', [
    hash,
    passwordFingerprint,
  ]))
