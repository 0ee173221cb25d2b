import { accountKey, type Passwords } from '@mianmi/core'
import { ConfigError } from '../config.ts'
import { addOperator, type Database, hasOperator } from '../store/index.ts'

export interface NewOperator {
  readonly account: string
  readonly password: string
}

/** What an operator is made with. */
export interface OperatorTools {
  readonly passwords: Passwords
  readonly newId: () => string
  readonly now: () => number
}

/**
 * Makes the first operator where there is none yet; of starts at once one does.
 *
 * @throws ConfigError where the password is a common one, or the account belongs to somebody already
 */
export async function ensureFirstOperator(
  database: Database,
  tools: OperatorTools,
  operator: NewOperator,
): Promise<void> {
  if (hasOperator(database)) return
  if (await tools.passwords.isCommon(operator.password))
    throw new ConfigError('ADMIN_PASSWORD is among the passwords that guessers try first')
  const user = await draftOperator(tools, operator)
  if (addOperator(database, user, { first: true }) === 'account_taken')
    throw new ConfigError(
      'ADMIN_ACCOUNT is the account of a user who is no operator; choose another name',
    )
}

export async function draftOperator(
  { passwords, newId, now }: OperatorTools,
  { account, password }: NewOperator,
) {
  return {
    id: newId(),
    account,
    accountKey: accountKey(account),
    passwordHash: await passwords.hash(password),
    createdAt: now(),
  }
}
