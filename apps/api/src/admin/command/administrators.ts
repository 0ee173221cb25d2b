import { accountName, newPassword } from '@mianmi/contracts/schemas'
import { accountKey, isWrittenAsPhone } from '@mianmi/core'
import { draftEnrolment, type Enrolment } from '@mianmi/core/admin'
import type { AdministratorAccounts } from '../../store/store.ts'
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
  administrators: AdministratorAccounts,
  tools: AdministratorTools,
  { account, password }: NewAdministrator,
): Promise<Enrolment> {
  requireAccountName(account)
  await checkPassword(tools, password)
  const { shown, ...drafted } = await draftAdministrator(tools, { account, password })
  if ((await administrators.add(drafted, { first: false })) === 'account_taken')
    throw new CommandError(
      `the account ${account} exists already; set-password gives an administrator another password`,
    )
  return shown
}

/**
 * Replaces the second factor of an administrator who lost the app and the recovery codes, or has no valid enrolment code,
 * by the returned enrolment code. @throws CommandError
 */
export async function resetSecondFactor(
  administrators: AdministratorAccounts,
  account: string,
  now: number,
): Promise<Enrolment> {
  const { shown, stored } = draftEnrolment(enrolmentCodes, now)
  requireAdministrator(account, await administrators.resetFactor(accountKey(account), stored))
  return shown
}

/** Replaces a password that is forgotten or known to others, and ends the console sessions. @throws CommandError */
export async function setPassword(
  administrators: AdministratorAccounts,
  { passwords }: Pick<AdministratorTools, 'passwords'>,
  { account, password }: NewAdministrator,
): Promise<void> {
  await checkPassword({ passwords }, password)
  const hash = await passwords.hash(password)
  requireAdministrator(account, await administrators.setPassword(accountKey(account), hash))
}

function requireAccountName(account: string): void {
  if (accountName.safeParse(account).success) return
  if (isWrittenAsPhone(account))
    throw new CommandError(
      `${account} is written like a phone number, which another person may prove to be theirs; choose a name`,
    )
  throw new CommandError(
    'an account has 3 to 64 letters of one script, digits and . _ - @ +, none of them invisible',
  )
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
