import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import { proveOwnWechat } from '../identity/prove-own-wechat.ts'
import { signInRules } from '../identity/sign-in-rules.ts'
import type { Ports } from '../ports.ts'
import type { SignedInCaller } from '../session/session.ts'
import { accountKey } from './account-name.ts'
import { passwordSubject } from './find-candidates.ts'
import { hashNewPassword, provePassword } from './prove-password.ts'
import { type UserView, viewUser } from './user.ts'
import type { ProfileChange } from './user-store.ts'

type ChangePasswordPorts = Pick<
  Ports,
  'users' | 'identities' | 'wechat' | 'vault' | 'limits' | 'passwords' | 'now' | 'policy'
>

export interface PasswordChange {
  /** Of a user who has a password. */
  readonly currentPassword?: string | undefined
  /** For a first password: a fresh login code of the WeChat that the session belongs to. */
  readonly code?: string | undefined
  /** For a first password: a name to sign in with, of a user who has none. */
  readonly account?: string | undefined
  readonly newPassword: string
}

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
 * Sets a new password and ends every other session. A user who has a password must send it. A first password needs a
 * fresh login code, and an account name where the user has neither a name nor a number.
 *
 * @throws Failure `credential_rejected`, `rate_limited`, `proof_required`, `account_taken`, `invalid_input` for a common
 * password, a missing name, or a name for a user who has one; or WeChat's refusal of the code
 */
export async function changePassword(
  ports: ChangePasswordPorts,
  caller: SignedInCaller,
  change: PasswordChange & { origin: Origin },
): Promise<void> {
  const { user, session } = caller
  const from = await ports.users.findPasswordHash(user.id)
  if (from !== null) {
    const subject = passwordSubject(user)
    const password = change.currentPassword ?? ''
    const { origin } = change
    await provePassword(ports, { subject, user: { passwordHash: from }, password, origin })
  } else {
    await proveOwnWechat(ports, caller, change.code)
  }
  const { account } = change
  if (account !== undefined && (from !== null || user.account !== null))
    throw new Failure('invalid_input', { detail: 'the user has a name or a password' })
  const to = await hashNewPassword(ports, change.newPassword, account ?? user.account)
  const result = await ports.users.changePassword({
    userId: user.id,
    from,
    to,
    keepSessionId: session.id,
    ...(account === undefined ? {} : { name: newName(account) }),
  })
  if (result === 'account_taken') throw new Failure('account_taken')
  if (result === 'unnamed')
    throw new Failure('invalid_input', { detail: 'the user has neither a name nor a number' })
  // Another call changed the password after it was read, so the proof is no longer valid.
  if (result === 'outdated') throw new Failure('credential_rejected')
}

const newName = (account: string) => ({
  account: account.normalize('NFKC'),
  accountKey: accountKey(account),
})

/**
 * Deletes the user and all personal data.
 *
 * @throws Failure `proof_required`, or WeChat's refusal of the code
 */
export async function deleteAccount(
  ports: Pick<Ports, 'users' | 'identities' | 'wechat' | 'vault'>,
  caller: SignedInCaller,
  code: string | undefined,
): Promise<void> {
  await proveOwnWechat(ports, caller, code)
  await ports.users.remove(caller.user.id)
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
