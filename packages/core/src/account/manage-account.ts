import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import { signInRules } from '../identity/sign-in-means.ts'
import type { Ports } from '../ports.ts'
import type { SignedInCaller } from '../session/session.ts'
import { passwordSubject } from './find-candidates.ts'
import { hashNewPassword, provePassword } from './prove-password.ts'
import { type UserView, viewUser } from './user.ts'
import type { ProfileChange } from './user-store.ts'

type ChangePasswordPorts = Pick<Ports, 'users' | 'limits' | 'passwords' | 'now' | 'policy'>

/**
 * Changes nickname or avatar address.
 *
 * @throws Failure `unauthenticated` where the user was deleted in the meantime
 */
export async function updateProfile(
  ports: Pick<Ports, 'users'>,
  { user }: SignedInCaller,
  change: ProfileChange,
): Promise<UserView> {
  const changed = await ports.users.updateProfile(user.id, change)
  if (changed === null) throw new Failure('unauthenticated')
  return viewUser(changed)
}

/**
 * Sets a new password and ends every other session. A user who has a password must send it.
 *
 * @throws Failure `credential_rejected`, `rate_limited`, `invalid_input` for a common password
 */
export async function changePassword(
  ports: ChangePasswordPorts,
  { user, session }: SignedInCaller,
  change: { currentPassword?: string | undefined; newPassword: string; origin: Origin },
): Promise<void> {
  const from = await ports.users.findPasswordHash(user.id)
  if (from !== null) {
    const subject = passwordSubject(user)
    const password = change.currentPassword ?? ''
    const { origin } = change
    await provePassword(ports, { subject, user: { passwordHash: from }, password, origin })
  }
  const to = await hashNewPassword(ports, change.newPassword, user.account)
  const done = await ports.users.changePassword({
    userId: user.id,
    from,
    to,
    keepSessionId: session.id,
  })
  // Another call changed the password after it was read, so the proof is no longer valid.
  if (!done) throw new Failure('credential_rejected')
}

/**
 * Gives the user the phone number that WeChat returns for a getPhoneNumber code.
 *
 * @throws Failure `phone_rejected`, `account_taken` where another user has the number, or WeChat's refusal
 */
export async function bindPhoneToAccount(
  ports: Pick<Ports, 'users' | 'identities' | 'wechat' | 'appIds' | 'policy' | 'now'>,
  { user, session }: SignedInCaller,
  code: string,
): Promise<UserView> {
  const { appId } = session
  const mine = await ports.identities.sessionKeys({ userId: user.id, appId })
  // WeChat checks that the code belongs to the openid; without an identity in this app there is no openid.
  if (mine === null) throw new Failure('phone_rejected')
  const phone = await ports.wechat.phoneNumber({ appId, openid: mine.openid, code })
  const changed = await ports.users.setPhone(user.id, phone, signInRules(ports))
  if (changed === 'taken') throw new Failure('account_taken')
  if (changed === null) throw new Failure('unauthenticated')
  return viewUser(changed)
}
