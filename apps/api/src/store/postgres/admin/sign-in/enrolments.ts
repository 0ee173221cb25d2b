import { enrolmentTtl, type NewEnrolment } from '@mianmi/core/admin'
import type { Queries } from '../../connection/index.ts'

/** The hash of the code that has not expired; null where there is none. */
export async function findEnrolment(
  queries: Queries,
  userId: string,
  now: number,
): Promise<string | null> {
  const row = await queries.first<{ hash: string }>(
    'select hash from enrolment_codes where user_id = $1 and expires_at > $2 and expires_at <= $3',
    [userId, now, now + enrolmentTtl],
  )
  return row?.hash ?? null
}

/** Stores a code in place of an earlier one. */
export const putEnrolment = async (
  queries: Queries,
  userId: string,
  { hash, expiresAt }: NewEnrolment,
): Promise<void> =>
  void (await queries.run(
    `insert into enrolment_codes (user_id, hash, expires_at) values ($1, $2, $3)
     on conflict (user_id) do update set hash = excluded.hash, expires_at = excluded.expires_at`,
    [userId, hash, expiresAt],
  ))

export const removeEnrolment = async (queries: Queries, userId: string): Promise<void> =>
  void (await queries.run('delete from enrolment_codes where user_id = $1', [userId]))
