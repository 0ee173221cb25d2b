import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { AuditAction, AuditEvent, Origin } from './audit-log.ts'

export interface Audited {
  readonly action: AuditAction
  readonly origin: Origin | null
  readonly appId?: string | null
  readonly userId?: string | null
}

/** Runs a use case and writes down how it ended. `about` tells what only its result knows. */
export async function audited<T>(
  ports: Ports,
  what: Audited,
  work: () => Promise<T>,
  about: (result: T) => Partial<Pick<AuditEvent, 'outcome' | 'userId' | 'appId'>> = () => ({}),
): Promise<T> {
  const { action, origin, appId = null, userId = null } = what
  const base = { action, origin, appId, userId }
  try {
    const result = await work()
    ports.audit.record({ ...base, at: ports.now(), outcome: 'ok', ...about(result) })
    return result
  } catch (error) {
    const outcome = error instanceof Failure ? error.reason : 'internal'
    ports.audit.record({ ...base, at: ports.now(), outcome })
    throw error
  }
}
