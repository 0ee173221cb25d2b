import { accountKey, isAccountName, type NewUser, type Passwords, type Ports } from '@mianmi/core'
import { draftEnrolment, type Enrolment, type NewEnrolment } from '@mianmi/core/admin'
import type { Config } from '../../config/config.ts'
import { ConfigError } from '../../config/env.ts'
import type { AdministratorAccounts, Store } from '../../store/store.ts'
import { enrolmentCodes } from './enrolment-codes.ts'

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

/** The first administrator, with the code to enrol an authenticator app; shown once. */
export interface CreatedAdministrator {
  readonly account: string
  readonly enrolment: Enrolment
}

/** Creates the first administrator of the configuration where there is none, with its lines in the audit log. */
export async function createFirstAdministrator(
  { firstAdministrator }: Config,
  { administratorAccounts, users }: Store,
  { passwords, tokens, now, audit }: Ports,
): Promise<CreatedAdministrator | null> {
  if (firstAdministrator === null || (await administratorAccounts.has())) return null
  const { account } = firstAdministrator
  const tools = { passwords, newId: tokens.newId, now }
  const record = async (outcome: 'started' | 'ok'): Promise<void> => {
    const userId = (await users.findByAccount(accountKey(account)))?.id ?? null
    const line = { action: 'system.firstAdministrator', appId: null, origin: null } as const
    await audit.write({ ...line, at: now(), outcome, userId })
  }
  await record('started')
  const enrolment = await ensureFirstAdministrator(administratorAccounts, tools, firstAdministrator)
  if (enrolment !== null) await record('ok')
  return enrolment && { account, enrolment }
}

/**
 * Creates the first administrator when there is none. Of several concurrent starts one creates it.
 *
 * @returns the code with which the administrator enrols an authenticator app; null where there was an administrator
 * @throws ConfigError when the password is a common one, or the account belongs to another user
 */
export async function ensureFirstAdministrator(
  administrators: AdministratorAccounts,
  tools: AdministratorTools,
  administrator: NewAdministrator,
): Promise<Enrolment | null> {
  // An administrator of an earlier version may have a name that no new one may have.
  if (await administrators.has()) return null
  if (!isAccountName(administrator.account))
    throw new ConfigError(
      'ADMIN_ACCOUNT must be written in one script, and not like a phone number',
    )
  if (await tools.passwords.isCommon(administrator.password))
    throw new ConfigError('ADMIN_PASSWORD is among the most used passwords')
  const { user, enrolment, shown } = await draftAdministrator(tools, administrator)
  const added = await administrators.add({ user, enrolment }, { first: true })
  if (added === 'account_taken')
    throw new ConfigError(
      'ADMIN_ACCOUNT is the account of a user who is not an administrator; choose another name',
    )
  return added === 'created' ? shown : null
}

/** An administrator for the store, and the enrolment code to show. */
export async function draftAdministrator(
  { passwords, newId, now }: AdministratorTools,
  { account, password }: NewAdministrator,
): Promise<{ user: NewUser; enrolment: NewEnrolment; shown: Enrolment }> {
  const user = {
    id: newId(),
    account,
    accountKey: accountKey(account),
    passwordHash: await passwords.hash(password),
    createdAt: now(),
  }
  const { shown, stored: enrolment } = draftEnrolment(enrolmentCodes, now())
  return { user, enrolment, shown }
}
