import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { IdentityRef } from '../identity/identity.ts'
import { askPhoneNumber } from '../identity/phone-code.ts'
import { proveOwnWechat } from '../identity/prove-own-wechat.ts'
import { signInRules } from '../identity/sign-in-rules.ts'
import { namesTriedWithCodes } from '../identity/tried-names.ts'
import type { Ports } from '../ports.ts'
import { spendAll, useOf } from '../rate-limit/limits.ts'
import { accepted, callerNow } from '../session/caller.ts'
import type { SignedInCaller } from '../session/session.ts'
import { accountKey } from './account-name.ts'
import { checkNewPassword, passwordCaller, provePassword } from './prove-password.ts'
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
 * @throws Failure `unauthenticated` or `user_disabled` where the session ended or the user was disabled in the meantime
 */
export async function updateProfile(
  ports: Pick<Ports, 'users' | 'now'>,
  caller: SignedInCaller,
  change: ProfileChange,
): Promise<UserView> {
  return viewUser(accepted(await ports.users.updateProfile(callerNow(ports, caller), change)))
}

/**
 * Sets a new password and ends every other session. A user who has a password must send it. A first password needs a
 * fresh login code, and an account name where the user has neither a name nor a number.
 *
 * @throws Failure `credential_rejected`, `rate_limited`, `proof_required`, `account_taken`, `invalid_input` for a common
 * password, a missing name, or a name for a user who has one; `unauthenticated`, `user_disabled`; or WeChat's refusal of
 * the code
 */
export async function changePassword(
  ports: ChangePasswordPorts,
  caller: SignedInCaller,
  change: PasswordChange & { origin: Origin },
): Promise<void> {
  const { user } = caller
  const { account, newPassword, origin } = change
  const queued = { kind: 'user', id: user.id } as const
  const from = await ports.users.findPasswordHash(user.id)
  const provenBy =
    from === null
      ? await proveOwnWechat(ports, caller, { code: change.code, origin })
      : await proveCurrent(ports, { ...caller, passwordHash: from }, change)
  if (account !== undefined && (from !== null || user.account !== null))
    throw new Failure('invalid_input', { detail: 'the user has a name or a password' })
  await checkNewPassword(ports, newPassword, account ?? user.account)
  if (account !== undefined && provenBy !== null) await requireFreeName(ports, provenBy, account)
  const to = await ports.passwords.hash(newPassword, passwordCaller(queued, origin))
  const request = {
    caller: callerNow(ports, caller),
    from,
    to,
    provenBy,
    ...(account === undefined ? {} : { name: newName(account) }),
  }
  const result = accepted(await ports.users.changePassword(request))
  if (result === 'account_taken') throw new Failure('account_taken')
  if (result === 'unnamed')
    throw new Failure('invalid_input', { detail: 'the user has neither a name nor a number' })
  if (result === 'unproven') throw new Failure('proof_required')
  // Another call changed the password after it was read, so the proof is no longer valid.
  if (result === 'outdated') throw new Failure('credential_rejected')
}

/**
 * Proves the password that the user has; so no identity is the proof. Wrong passwords are counted for the session and for
 * the user in its app, not for the account: those of a stranger, or of another WeChat, do not keep the owner from a change.
 */
async function proveCurrent(
  ports: Pick<Ports, 'limits' | 'passwords' | 'now' | 'policy'>,
  { user, session, passwordHash }: SignedInCaller & { passwordHash: string },
  { currentPassword: password = '', origin }: PasswordChange & { origin: Origin },
): Promise<null> {
  const counted = [
    useOf(ports, 'wrong password in session', session.id),
    useOf(ports, 'wrong password of user in app', `${session.appId} ${user.id}`),
  ]
  const caller = { kind: 'user', id: user.id } as const
  await provePassword(ports, { users: [{ passwordHash }], counted, password, origin, caller })
  return null
}

/** Counts the name with those of `register`, and refuses a taken one before a password is hashed for it. */
async function requireFreeName(
  ports: Pick<Ports, 'users' | 'limits' | 'now' | 'policy'>,
  provenBy: IdentityRef,
  account: string,
): Promise<void> {
  await spendAll(ports, namesTriedWithCodes(ports, provenBy))
  if ((await ports.users.findByAccount(accountKey(account))) !== null)
    throw new Failure('account_taken')
}

const newName = (account: string) => ({
  account: account.normalize('NFKC'),
  accountKey: accountKey(account),
})

/**
 * Deletes the user and all personal data.
 *
 * @throws Failure `proof_required`, `unauthenticated`, `user_disabled`, or WeChat's refusal of the code
 */
export async function deleteAccount(
  ports: Pick<Ports, 'users' | 'identities' | 'wechat' | 'vault' | 'now'>,
  caller: SignedInCaller,
  proof: { code: string | undefined; origin: Origin },
): Promise<void> {
  const provenBy = await proveOwnWechat(ports, caller, proof)
  const request = { caller: callerNow(ports, caller), provenBy }
  const result = accepted(await ports.users.removeCaller(request))
  if (result === 'unproven') throw new Failure('proof_required')
}

interface PhoneProof {
  readonly code: string
  readonly origin: Origin
  /** Takes the user who lost the number. */
  readonly onMoved: (userId: string) => void
}

/**
 * Gives the user the phone number that WeChat returns for a getPhoneNumber code.
 *
 * @throws Failure `phone_rejected`, `account_taken` where another user has the number, `rate_limited`,
 * `unauthenticated`, `user_disabled`, or WeChat's refusal
 */
export async function bindPhoneToAccount(
  ports: Pick<Ports, 'users' | 'identities' | 'limits' | 'wechat' | 'appIds' | 'policy' | 'now'>,
  caller: SignedInCaller,
  { code, origin, onMoved }: PhoneProof,
): Promise<UserView> {
  const mine = accepted(await ports.identities.callerKeys(callerNow(ports, caller)))
  // WeChat checks that the code belongs to the openid; without an identity in this app there is no openid.
  if (mine === null) throw new Failure('phone_rejected')
  const { appId, openid } = mine
  const provenBy = { appId, openid }
  const subject = `session ${caller.session.id}`
  const phone = await askPhoneNumber(ports, { ...provenBy, code, subject, origin })
  const request = { caller: callerNow(ports, caller), provenBy, phone, rules: signInRules(ports) }
  const changed = accepted(await ports.users.setPhone(request))
  if (changed === 'taken') throw new Failure('account_taken')
  if (changed === 'unproven') throw new Failure('phone_rejected')
  if (changed.movedFrom !== undefined) onMoved(changed.movedFrom)
  return viewUser(changed)
}
