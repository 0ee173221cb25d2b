import { accountKey, type Passwords } from '@mianmi/core'
import { ConfigError } from '../../config.ts'
import { addAdministrator, type Database, hasAdministrator } from '../../store/index.ts'

export interface NewAdministrator {
  readonly account: string
  readonly password: string
}

/** What an administrator is made with. */
export interface AdministratorTools {
  readonly passwords: Passwords
  readonly newId: () => string
  readonly now: () => number
}

/**
 * Makes the first administrator where there is none yet; of starts at once one does.
 *
 * @throws ConfigError where the password is a common one, or the account belongs to somebody already
 */
export async function ensureFirstAdministrator(
  database: Database,
  tools: AdministratorTools,
  administrator: NewAdministrator,
): Promise<void> {
  if (hasAdministrator(database)) return
  if (await tools.passwords.isCommon(administrator.password))
    throw new ConfigError('ADMIN_PASSWORD is among the passwords that guessers try first')
  const user = await draftAdministrator(tools, administrator)
  if (addAdministrator(database, user, { first: true }) === 'account_taken')
    throw new ConfigError(
      'ADMIN_ACCOUNT is the account of a user who is no administrator; choose another name',
    )
}

export async function draftAdministrator(
  { passwords, newId, now }: AdministratorTools,
  { account, password }: NewAdministrator,
) {
  return {
    id: newId(),
    account,
    accountKey: accountKey(account),
    passwordHash: await passwords.hash(password),
    createdAt: now(),
  }
}
