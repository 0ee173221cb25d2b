import type { AuditEvent } from '@mianmi/core'
import { sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { auditInbox } from '../schema.ts'

/**
 * Lines of a process that has no SECRET_KEY, and so cannot add to the chain: the commands of administrators. They are
 * stored with the change itself. Call the functions inside a transaction.
 */
export function prepareInbox({ orm }: Pick<Database, 'orm'>) {
  const insert = orm
    .insert(auditInbox)
    .values({ event: sql.placeholder('event') })
    .prepare()
  const read = orm.select().from(auditInbox).orderBy(auditInbox.id).limit(1_000).prepare()
  const clear = orm
    .delete(auditInbox)
    .where(sql`${auditInbox.id} <= ${sql.placeholder('until')}`)
    .prepare()
  return {
    put: (event: AuditEvent): void => void insert.run({ event: JSON.stringify(event) }),
    /** Takes the oldest lines out. */
    take: (): AuditEvent[] => {
      const rows = read.all()
      const newest = rows.at(-1)
      if (newest !== undefined) clear.run({ until: newest.id })
      return rows.flatMap(({ event }) => parse(event))
    },
  }
}

/** Nothing for a text that no command has written: it must not keep the other lines out. */
function parse(text: string): AuditEvent[] {
  try {
    const event: unknown = JSON.parse(text)
    return isEvent(event) ? [event] : []
  } catch {
    return []
  }
}

function isEvent(event: unknown): event is AuditEvent {
  if (typeof event !== 'object' || event === null) return false
  const { at, action, outcome, userId, origin } = event as Partial<Record<string, unknown>>
  const texts = [action, outcome, ...(userId === null ? [] : [userId])]
  return (
    Number.isSafeInteger(at) && texts.every((each) => typeof each === 'string') && isOrigin(origin)
  )
}

function isOrigin(origin: unknown): boolean {
  if (typeof origin !== 'object' || origin === null) return origin === null
  const { address, device } = origin as Partial<Record<string, unknown>>
  return typeof address === 'string' && (device === null || typeof device === 'string')
}
