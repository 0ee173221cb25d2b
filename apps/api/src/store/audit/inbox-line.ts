import type { AuditEvent } from '@mianmi/core'
import { auditActions } from '@mianmi/core/admin'

/** Upper limit of lines that are taken out of the inbox at once. */
export const mostFromInbox = 1_000

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

/** A line as it is stored in the inbox. */
export const writeInboxLine = (event: AuditEvent): string => JSON.stringify(event)

/**
 * The line for a row; nothing for one that no command has written, which must not keep the others out. The inbox has no
 * protection: who writes to the database writes to it. So a line from it is that of a command, says for ever that it
 * came without SECRET_KEY, and is never of a time to come.
 */
export function readInboxLine(text: string, now: number): AuditEvent[] {
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
