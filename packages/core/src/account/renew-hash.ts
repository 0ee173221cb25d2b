import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { PasswordCaller } from './passwords.ts'
import type { UserRecord } from './user.ts'

/**
 * Replaces the hash that an import brought by one of the service, now that the password is known to match it.
 *
 * @param user one whose password was proven
 * @returns the user with the hash that is stored now
 * @throws Failure `credential_rejected` where the password was changed in the meantime, `overloaded`
 */
export async function renewImportedHash<User extends Pick<UserRecord, 'id' | 'passwordHash'>>(
  ports: Pick<Ports, 'users' | 'passwords'>,
  user: User,
  { password, caller }: { password: string; caller: PasswordCaller },
): Promise<User> {
  const { id, passwordHash: from } = user
  if (from === null || !ports.passwords.isRenewable(from, password)) return user
  const to = await ports.passwords.hash(password, caller)
  if (await ports.users.renewPasswordHash(id, { from, to })) return { ...user, passwordHash: to }
  // A concurrent call with the same password has replaced it, or the password was changed.
  const stored = await ports.users.findPasswordHash(id)
  if (!(await ports.passwords.verify(password, stored, caller)))
    throw new Failure('credential_rejected')
  return { ...user, passwordHash: stored }
}
