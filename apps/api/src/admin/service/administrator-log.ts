import type { FastifyBaseLogger } from 'fastify'
import type { AdministratorAccounts, SeparatedAdministrator } from '../../store/store.ts'

interface Logged {
  readonly app: { readonly log: FastifyBaseLogger }
  readonly now: () => number
}

/** Logs that the WeChat identities of an administrator belong to a new user now. */
export function logSeparated(
  log: FastifyBaseLogger,
  separated: readonly SeparatedAdministrator[],
): void {
  for (const each of separated)
    log.warn(
      { ...each },
      'administrators sign in to no mini program any more: the WeChat identities of this one belong to a new user',
    )
}

/**
 * Warns of what an administrator has to correct. It names accounts and no secret.
 *
 * @param hasNoEffect whether the first administrator is configured beside an existing one
 */
export async function warnOfAdministrators(
  { app, administrators, now }: Logged & { administrators: AdministratorAccounts },
  { hasNoEffect }: { hasNoEffect: boolean },
): Promise<void> {
  if (hasNoEffect)
    app.log.warn(
      'ADMIN_ACCOUNT and ADMIN_PASSWORD have no effect beside an administrator; remove them from the environment',
    )
  for (const account of await administrators.listUnenrolled(now()))
    app.log.warn(
      { account },
      'this administrator has neither a second factor nor a valid enrolment code; the command reset-totp gives a code',
    )
}
