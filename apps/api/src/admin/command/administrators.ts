import { accountName, newPassword } from '@mianmi/contracts/schemas'
import { accountKey } from '@mianmi/core'
import { addAdministrator, type Database, prepareUsers, removeFactor } from '../../store/index.ts'
import {
  type AdministratorTools,
  draftAdministrator,
  type NewAdministrator,
} from '../service/first-administrator.ts'

/** An error whose message tells the user of the command what to correct. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Creates another administrator. @throws CommandError */
export async function createAdministrator(
  database: Database,
  tools: AdministratorTools,
  { account, password }: NewAdministrator,
): Promise<void> {
  if (!accountName.safeParse(account).success)
    throw new CommandError('an account has 3 to 64 letters, digits and . _ - @ +')
  if (!newPassword.safeParse(password).success)
    throw new CommandError('a password has 8 to 128 characters')
  if (await tools.passwords.isCommon(password))
    throw new CommandError('this password is among the most used ones')
  const user = await draftAdministrator(tools, { account, password })
  if (addAdministrator(database, user, { first: false }) === 'account_taken')
    throw new CommandError(`the account ${account} exists already`)
}

/** Removes the second factor of an administrator who lost the app and the recovery codes. @throws CommandError */
export function resetSecondFactor(database: Database, account: string): void {
  const user = prepareUsers(database).byAccount(accountKey(account))
  if (user?.role !== 'admin') throw new CommandError(`there is no administrator ${account}`)
  removeFactor(database, user.id)
}
