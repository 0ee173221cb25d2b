import type { AuditEvent } from '@mianmi/core'
import { auditActions } from '@mianmi/core/admin'
import { sql } from 'drizzle-orm'
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
  const read = orm.select().from(auditInbox).orderBy(auditInbox.id).limit(1_000).prepare()
  const clear = orm
    .delete(auditInbox)
    .where(sql`${auditInbox.id} <= ${sql.placeholder('until')}`)
    .prepare()
  return {
    put: (event: AuditEvent): void => void insert.run({ event: JSON.stringify(event) }),
    /** Takes the oldest lines out. */
    take: (now: number): AuditEvent[] => {
      const rows = read.all()
      const newest = rows.at(-1)
      if (newest !== undefined) clear.run({ until: newest.id })
      return rows.flatMap(({ event }) => parse(event, now))
    },
  }
}

/** What a command writes. */
const actions: ReadonlySet<string> = new Set(
  auditActions.filter((action) => action.startsWith('command.')),
)
const outcomes: ReadonlySet<string> = new Set(['started', 'ok', 'invalid_input', 'internal'])
/** How far the clock of a command may be ahead, in ms. */
const skewMs = 5_000
/** Upper limits of the texts, in characters. */
const maxId = 64
const maxDevice = 200

/**
 * The line for a row; nothing for one that no command has written, which must not keep the others out. The inbox has no
 * protection: who writes to the database writes to it. So a line from it is that of a command, says for ever that it
 * came without SECRET_KEY, and is never of a time to come.
 */
function parse(text: string, now: number): AuditEvent[] {
  const row = readObject(text)
  const { at, action, outcome, userId } = row
  const isCommand = isOneOf(actions, action) && isOneOf(outcomes, outcome)
  if (!isCommand || !Number.isSafeInteger(at)) return []
  if (userId !== null && !(typeof userId === 'string' && userId.length <= maxId)) return []
  const { device } = readObject(row['origin'])
  const caller = typeof device === 'string' ? device.slice(0, maxDevice) : 'unknown'
  const origin = { address: 'local', device: `${caller}, without SECRET_KEY` }
  const known = { action, outcome } as Pick<AuditEvent, 'action' | 'outcome'>
  const time = (at as number) > now + skewMs ? now : (at as number)
  return [{ at: time, ...known, userId, appId: null, origin }]
}

const isOneOf = (names: ReadonlySet<string>, value: unknown): boolean =>
  typeof value === 'string' && names.has(value)

/** An object, or its JSON; an empty one for anything else. */
function readObject(value: unknown): Partial<Record<string, unknown>> {
  try {
    const object: unknown = typeof value === 'string' ? JSON.parse(value) : value
    return typeof object === 'object' && object !== null ? { ...object } : {}
  } catch {
    return {}
  }
}
