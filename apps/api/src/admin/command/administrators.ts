import { accountName, newPassword } from '@mianmi/contracts/schemas'
import { accountKey } from '@mianmi/core'
import { draftEnrolment, type Enrolment } from '@mianmi/core/admin'
import {
  addAdministrator,
  type Database,
  resetFactor,
  setAdministratorPassword,
} from '../../store/sqlite/index.ts'
import { enrolmentCodes } from '../service/enrolment-codes.ts'
import {
  type AdministratorTools,
  draftAdministrator,
  type NewAdministrator,
} from '../service/first-administrator.ts'

/** An error whose message tells the user of the command what to correct. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Creates another administrator, who enrols an app with the returned code. @throws CommandError */
export async function createAdministrator(
  database: Database,
  tools: AdministratorTools,
  { account, password }: NewAdministrator,
): Promise<Enrolment> {
  if (!accountName.safeParse(account).success)
    throw new CommandError('an account has 3 to 64 letters, digits and . _ - @ +')
  await checkPassword(tools, password)
  const { shown, ...drafted } = await draftAdministrator(tools, { account, password })
  if (addAdministrator(database, drafted, { first: false }) === 'account_taken')
    throw new CommandError(`the account ${account} exists already`)
  return shown
}

/**
 * Replaces the second factor of an administrator who lost the app and the recovery codes, or has no valid enrolment code,
 * by the returned enrolment code. @throws CommandError
 */
export function resetSecondFactor(database: Database, account: string, now: number): Enrolment {
  const { shown, stored } = draftEnrolment(enrolmentCodes, now)
  requireAdministrator(account, resetFactor(database, accountKey(account), stored))
  return shown
}

/** Replaces a password that is forgotten or known to others, and ends the console sessions. @throws CommandError */
export async function setPassword(
  database: Database,
  { passwords }: Pick<AdministratorTools, 'passwords'>,
  { account, password }: NewAdministrator,
): Promise<void> {
  await checkPassword({ passwords }, password)
  const hash = await passwords.hash(password)
  requireAdministrator(account, setAdministratorPassword(database, accountKey(account), hash))
}

async function checkPassword(
  { passwords }: Pick<AdministratorTools, 'passwords'>,
  password: string,
): Promise<void> {
  if (!newPassword.safeParse(password).success)
    throw new CommandError('a password has 8 to 128 characters')
  if (await passwords.isCommon(password))
    throw new CommandError('this password is among the most used ones')
}

function requireAdministrator(account: string, changed: object | null): void {
  if (changed === null) throw new CommandError(`there is no administrator ${account}`)
}
