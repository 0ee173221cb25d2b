import { enrolmentTtl, type NewEnrolment } from '@mianmi/core/admin'
import { and, eq, gt, lte, sql } from 'drizzle-orm'
import type { Database } from '../../database.ts'
import { enrolmentCodes } from '../schema.ts'

const { expiresAt } = enrolmentCodes
const isOwn = eq(enrolmentCodes.userId, sql.placeholder('userId'))

/** The statements on enrolment codes. Call those that write inside a transaction. */
export function prepareEnrolments({ orm }: Pick<Database, 'orm'>) {
  const valid = orm
    .select({ hash: enrolmentCodes.hash })
    .from(enrolmentCodes)
    .where(
      and(isOwn, gt(expiresAt, sql.placeholder('now')), lte(expiresAt, sql.placeholder('last'))),
    )
    .prepare()
  const put = orm
    .insert(enrolmentCodes)
    .values({
      userId: sql.placeholder('userId'),
      hash: sql.placeholder('hash'),
      expiresAt: sql.placeholder('expiresAt'),
    })
    .onConflictDoUpdate({
      target: enrolmentCodes.userId,
      set: { hash: sql`excluded.hash`, expiresAt: sql`excluded.expires_at` },
    })
    .prepare()
  const remove = orm.delete(enrolmentCodes).where(isOwn).prepare()
  return {
    /** The hash of the code that has not expired; null where there is none. */
    valid: (userId: string, now: number): string | null =>
      valid.get({ userId, now, last: now + enrolmentTtl })?.hash ?? null,
    /** Stores a code in place of an earlier one. */
    put: (userId: string, enrolment: NewEnrolment): void => void put.run({ userId, ...enrolment }),
    remove: (userId: string): void => void remove.run({ userId }),
  }
}
