import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Subject } from '../../audit/line-mac.ts'
import { compileStatement } from '../compile-statement.ts'
import type { Database } from '../database.ts'
import { users } from '../schema.ts'
import { auditSubjects } from './schema.ts'

/**
 * The pseudonyms of users in the audit log. The row that links the two is deleted with the user's own row, by a foreign
 * key. Call the functions inside a transaction.
 */
export function prepareSubjects({
  orm,
  sqlite,
  removedSubjects,
}: Pick<Database, 'orm' | 'sqlite' | 'removedSubjects'>) {
  const placeholder = sql.placeholder('userId')
  const find = compileStatement<[string]>(
    sqlite,
    orm
      .select({ pseudonym: auditSubjects.pseudonym })
      .from(auditSubjects)
      .where(sql`${auditSubjects.userId} = ${placeholder}`),
  )
  const isUser = compileStatement<[string]>(
    sqlite,
    orm.select({ id: users.id }).from(users).where(sql`${users.id} = ${placeholder}`),
  )
  const insert = compileStatement(
    sqlite,
    orm.insert(auditSubjects).values({
      userId: placeholder,
      pseudonym: sql.placeholder('pseudonym'),
      mac: sql.placeholder('mac'),
    }),
  )
  return {
    /** The pseudonym of a user, made with the first line; the id itself where no user has it. */
    of: (userId: string, macOf: (subject: Subject) => Buffer): string => {
      const known = find.get({ userId })?.[0] ?? removedSubjects.get(userId)
      if (known !== undefined) return known
      if (isUser.get({ userId }) === undefined) return userId
      const pseudonym = `p-${randomBytes(16).toString('hex')}`
      insert.run({ userId, pseudonym, mac: macOf({ userId, pseudonym }) })
      return pseudonym
    },
    /** To be called before the user is removed. */
    remember: (userId: string): void => {
      const pseudonym = find.get({ userId })?.[0]
      if (pseudonym !== undefined) removedSubjects.set(userId, pseudonym)
    },
  }
}
