import { accountKey, type Passwords } from '@mianmi/core'
import { ConfigError } from '../../config.ts'
import { addAdministrator, type Database, hasAdministrator } from '../../store/index.ts'

export interface NewAdministrator {
  readonly account: string
  readonly password: string
}

/** What is needed to create an administrator. */
export interface AdministratorTools {
  readonly passwords: Passwords
  readonly newId: () => string
  readonly now: () => number
}

/**
 * Creates the first administrator when there is none. Of several concurrent starts one creates it.
 *
 * @throws ConfigError when the password is a common one, or the account belongs to another user
 */
export async function ensureFirstAdministrator(
  database: Database,
  tools: AdministratorTools,
  administrator: NewAdministrator,
): Promise<void> {
  if (hasAdministrator(database)) return
  if (await tools.passwords.isCommon(administrator.password))
    throw new ConfigError('ADMIN_PASSWORD is among the most used passwords')
  const user = await draftAdministrator(tools, administrator)
  if (addAdministrator(database, user, { first: true }) === 'account_taken')
    throw new ConfigError(
      'ADMIN_ACCOUNT is the account of a user who is not an administrator; choose another name',
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
