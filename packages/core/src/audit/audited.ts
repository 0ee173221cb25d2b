import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { AuditAction, AuditEvent, Origin } from './audit-log.ts'

export interface AuditedCall {
  readonly action: AuditAction
  readonly origin: Origin | null
  readonly appId?: string | null
  readonly userId?: string | null
  readonly adminId?: string | null
  /**
   * `before`: the work waits for a line `started` on disk. `after`: its result waits for the line. Absent: the line
   * follows.
   */
  readonly waits?: 'before' | 'after' | null
}

type AuditedResult = Partial<
  Pick<AuditEvent, 'outcome' | 'userId' | 'adminId' | 'appId' | 'newUser'>
>

/** Says what the work has found out about its subject, which is recorded also where the work is refused. */
export type NoteSubject = (subject: { userId?: string | null; appId?: string | null }) => void

/** Runs a use case and records its outcome. `about` returns what is known only from the result, such as the userId. */
export async function audited<T>(
  ports: Pick<Ports, 'audit' | 'now'>,
  call: AuditedCall,
  work: (note: NoteSubject) => Promise<T>,
  about: (result: T) => AuditedResult = () => ({}),
): Promise<T> {
  const { audit, now } = ports
  let what = call
  if (call.waits === 'before') await audit.write(eventOf(what, now(), { outcome: 'started' }))
  let result: T
  try {
    result = await work((subject) => {
      what = { ...what, ...subject }
    })
  } catch (error) {
    const outcome = error instanceof Failure ? error.reason : 'internal'
    audit.record(eventOf(what, now(), { outcome }))
    throw error
  }
  const event = eventOf(what, now(), about(result))
  if (call.waits === 'after') await audit.write(event)
  else audit.record(event)
  return result
}

function eventOf(what: AuditedCall, at: number, known: AuditedResult): AuditEvent {
  return {
    at,
    action: what.action,
    outcome: known.outcome ?? 'ok',
    userId: known.userId ?? what.userId ?? null,
    adminId: known.adminId ?? what.adminId ?? null,
    appId: known.appId ?? what.appId ?? null,
    origin: what.origin,
    newUser: known.newUser ?? false,
  }
}
