import type { AuditLog } from '@mianmi/core'
import type { FastifyBaseLogger } from 'fastify'
import { type Database, listUnenrolled, type SeparatedAdministrator } from '../../store/index.ts'

interface Logged {
  readonly app: { readonly log: FastifyBaseLogger }
  readonly now: () => number
}

/** Records in both logs that the WeChat identities of an administrator belong to a new user now. */
export function recordSeparated(
  { app, audit, now }: Logged & { audit: AuditLog },
  separated: readonly SeparatedAdministrator[],
): void {
  for (const { adminId, userId, phoneLost } of separated) {
    const subject = { adminId, userId, appId: null, origin: null }
    audit.record({ at: now(), action: 'system.administratorSeparated', outcome: 'ok', ...subject })
    app.log.warn(
      { adminId, userId, phoneLost },
      'administrators sign in to no mini program any more: the WeChat identities of this one belong to a new user',
    )
  }
}

/**
 * Warns of what an administrator has to correct. It names accounts and no secret.
 *
 * @param hasNoEffect whether the first administrator is configured beside an existing one
 */
export function warnOfAdministrators(
  { app, database, now }: Logged & { database: Database },
  { hasNoEffect }: { hasNoEffect: boolean },
): void {
  if (hasNoEffect)
    app.log.warn(
      'ADMIN_ACCOUNT and ADMIN_PASSWORD have no effect beside an administrator; remove them from the environment',
    )
  for (const account of listUnenrolled(database, now()))
    app.log.warn(
      { account },
      'this administrator has neither a second factor nor a valid enrolment code; the command reset-totp gives a code',
    )
}
