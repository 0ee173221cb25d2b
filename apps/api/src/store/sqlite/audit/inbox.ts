import type { AuditEvent } from '@mianmi/core'
import { sql } from 'drizzle-orm'
import { mostFromInbox, readInboxLine, writeInboxLine } from '../../audit/inbox-line.ts'
import type { Database } from '../database.ts'
import { auditInbox } from './schema.ts'

/**
 * Lines of a process that has no SECRET_KEY, and so cannot add to the chain: the commands of administrators. They are
 * stored with the change itself. Call the functions inside a transaction.
 */
export function prepareInbox({ orm }: Pick<Database, 'orm'>) {
  const insert = orm
    .insert(auditInbox)
    .values({ event: sql.placeholder('event') })
    .prepare()
  const read = orm.select().from(auditInbox).orderBy(auditInbox.id).limit(mostFromInbox).prepare()
  const clear = orm
    .delete(auditInbox)
    .where(sql`${auditInbox.id} <= ${sql.placeholder('until')}`)
    .prepare()
  return {
    put: (event: AuditEvent): void => void insert.run({ event: writeInboxLine(event) }),
    /** Takes the oldest lines out. */
    take: (now: number): AuditEvent[] => {
      const rows = read.all()
      const newest = rows.at(-1)
      if (newest !== undefined) clear.run({ until: newest.id })
      return rows.flatMap(({ event }) => readInboxLine(event, now))
    },
  }
}
