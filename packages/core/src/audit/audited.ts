import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { AuditAction, AuditEvent, Origin } from './audit-log.ts'

export interface AuditedCall {
  readonly action: AuditAction
  readonly origin: Origin | null
  readonly appId?: string | null
  readonly userId?: string | null
  readonly adminId?: string | null
}

type AuditedResult = Partial<
  Pick<AuditEvent, 'outcome' | 'userId' | 'adminId' | 'appId' | 'newUser' | 'origin'>
>

/** Runs a use case and records its outcome. `about` returns what is known only from the result, such as the userId. */
export async function audited<T>(
  ports: Pick<Ports, 'audit' | 'now'>,
  what: AuditedCall,
  work: () => Promise<T>,
  about: (result: T) => AuditedResult = () => ({}),
): Promise<T> {
  try {
    const result = await work()
    ports.audit.record(eventOf(what, ports.now(), about(result)))
    return result
  } catch (error) {
    const outcome = error instanceof Failure ? error.reason : 'internal'
    ports.audit.record(eventOf(what, ports.now(), { outcome }))
    throw error
  }
}

function eventOf(what: AuditedCall, at: number, known: AuditedResult): AuditEvent {
  return {
    at,
    action: what.action,
    outcome: known.outcome ?? 'ok',
    userId: known.userId ?? what.userId ?? null,
    adminId: known.adminId ?? what.adminId ?? null,
    appId: known.appId ?? what.appId ?? null,
    origin: known.origin === undefined ? what.origin : known.origin,
    newUser: known.newUser ?? false,
  }
}
