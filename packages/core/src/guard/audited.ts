import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { AuditAction, AuditEvent, Origin } from './audit-log.ts'

export interface Audited {
  readonly action: AuditAction
  readonly origin: Origin | null
  readonly appId?: string | null
  readonly userId?: string | null
  readonly operatorId?: string | null
}

type Known = Partial<Pick<AuditEvent, 'outcome' | 'userId' | 'operatorId' | 'appId' | 'newUser'>>

/** Runs a use case and writes down how it ended. `about` tells what only its result knows. */
export async function audited<T>(
  ports: Ports,
  what: Audited,
  work: () => Promise<T>,
  about: (result: T) => Known = () => ({}),
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

function eventOf(what: Audited, at: number, known: Known): AuditEvent {
  return {
    at,
    action: what.action,
    outcome: known.outcome ?? 'ok',
    userId: known.userId ?? what.userId ?? null,
    operatorId: known.operatorId ?? what.operatorId ?? null,
    appId: known.appId ?? what.appId ?? null,
    origin: what.origin,
    newUser: known.newUser ?? false,
  }
}
