import type { UserRecord } from '../account/user.ts'
import type { Binding } from './identity.ts'

/**
 * Whether the user was made by a first sign-in (`SIGN_UP=auto`) and has nothing but the identity of that sign-in: no way
 * in beside it, and nothing that a person would miss. Its WeChat may have been unbound from the account of the same
 * person, who proves that account now; so the identity goes there, and this user is removed.
 */
export function hasOnlyFirstIdentity(
  user: UserRecord,
  identities: readonly Pick<Binding, 'boundBy'>[],
): boolean {
  const { account, passwordHash, phone, nickname, avatarUrl, role, disabledAt } = user
  const has = [account, passwordHash, phone, nickname, avatarUrl].some((value) => value !== null)
  // A disabled user stays, because its WeChat is what an administrator wants to keep out.
  if (has || role !== 'user' || disabledAt !== null) return false
  return identities.length === 1 && identities[0]?.boundBy === 'register'
}
