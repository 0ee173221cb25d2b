import type { UserRecord } from '../account/user.ts'
import type { Binding, Identity } from './identity.ts'

/**
 * Whether the user was made by a first sign-in (`SIGN_UP=auto`) and has nothing but the identity of that sign-in, and
 * those that its unionid brought along by themselves in other apps: no way in beside that WeChat, and nothing that a
 * person would miss. The WeChat may have been unbound from the account of the same person, who proves that account now;
 * so the identity goes there, the others are free, and this user is removed.
 */
export function hasOnlyFirstIdentity(
  user: UserRecord,
  identities: readonly (Pick<Binding, 'boundBy'> & Pick<Identity, 'unionid'>)[],
): boolean {
  const { account, passwordHash, phone, nickname, avatarUrl, externalId, role, disabledAt } = user
  // A user with an external id is known to the team's own system, which would miss it.
  const own = [account, passwordHash, phone, nickname, avatarUrl, externalId]
  const has = own.some((value) => value !== null)
  // A disabled user stays, because its WeChat is what an administrator wants to keep out.
  if (has || role !== 'user' || disabledAt !== null) return false
  const [first, another] = identities.filter(({ boundBy }) => boundBy === 'register')
  if (first === undefined || another !== undefined) return false
  const others = identities.filter((identity) => identity !== first)
  return others.every(
    ({ boundBy, unionid }) =>
      boundBy === 'unionid' && unionid !== null && unionid === first.unionid,
  )
}
