import { newPassword } from '@mianmi/contracts/schemas'
import { accountNameAlphabet, accountNameLength } from '@mianmi/core'
import { ConfigError, type Env, readText } from './env.ts'

export interface FirstAdministrator {
  readonly account: string
  readonly password: string
}

/** There is no default: a known default password would open every service that keeps it. */
export function readFirstAdministrator(env: Env): FirstAdministrator | null {
  const account = readText(env, 'ADMIN_ACCOUNT')
  // Not trimmed: a password may begin or end with a space.
  const password = env['ADMIN_PASSWORD'] || undefined
  if (account === undefined && password === undefined) return null
  if (account === undefined) throw new ConfigError('ADMIN_ACCOUNT is missing beside ADMIN_PASSWORD')
  if (password === undefined)
    throw new ConfigError('ADMIN_PASSWORD is missing beside ADMIN_ACCOUNT')
  const { least, most } = accountNameLength
  if (!accountNameAlphabet.test(account) || account.length < least || account.length > most)
    throw new ConfigError('ADMIN_ACCOUNT must be 3 to 64 letters, digits and . _ - @ +')
  if (!newPassword.safeParse(password).success)
    throw new ConfigError('ADMIN_PASSWORD must have 8 to 128 characters')
  return { account, password }
}
