import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { LimitedUse } from '../rate-limit/limit-store.ts'
import { spendAll, useOf, usesFrom } from '../rate-limit/limits.ts'
import { isMadeOfContext } from './guessable.ts'
import type { PasswordCaller } from './passwords.ts'
import type { UserRecord } from './user.ts'

/** Who calls, for the queue of passwords. */
type Caller = Pick<PasswordCaller, 'kind' | 'id'>

/** The caller of a request, for the queue of passwords. */
export function passwordCaller(caller: Caller, { address, isGone }: Origin): PasswordCaller {
  return { ...caller, network: address, isGone }
}

/**
 * Refuses a new password that is easily guessed. Call it before a try is counted: it costs nothing and tells nothing.
 *
 * @param account the account name that the password is for, if there is one
 * @throws Failure `invalid_input` for a common password
 */
export async function checkNewPassword(
  ports: Pick<Ports, 'passwords'>,
  password: string,
  account: string | null,
): Promise<void> {
  if (isMadeOfContext(password, account) || (await ports.passwords.isCommon(password)))
    throw new Failure('invalid_input', { detail: 'a common password' })
}

/** A password that was entered for certain users; null for one who does not exist. */
interface CountedAttempt<User extends Pick<UserRecord, 'passwordHash'>>
  extends Omit<PasswordAttempt<User>, 'candidates'> {
  readonly users: readonly (User | null)[]
  /** What a wrong password counts for, beside the network. */
  readonly counted: readonly LimitedUse[]
}

/**
 * Verifies a password, and returns the first user whose it is. A try is counted before the password is verified and given
 * back when it was right, so that concurrent guesses are counted too.
 *
 * @throws Failure `credential_rejected` without saying what was wrong, or `rate_limited`
 */
export async function provePassword<User extends Pick<UserRecord, 'passwordHash'>>(
  ports: Pick<Ports, 'limits' | 'passwords' | 'now' | 'policy'>,
  { users, counted, password, origin, caller: who }: CountedAttempt<User>,
): Promise<User> {
  const caller = passwordCaller(who, origin)
  const uses = [...usesFrom(ports, 'wrong password from address', origin.address), ...counted]
  await spendAll(ports, uses)
  const matches = await Promise.all(
    users.map((user) => ports.passwords.verify(password, user?.passwordHash ?? null, caller)),
  ).catch(async (error: unknown) => {
    // The password was not verified, so it was not a guess.
    await ports.limits.refund(...uses)
    throw error
  })
  const user = users.find((_, index) => matches[index] === true) ?? null
  if (user === null) throw new Failure('credential_rejected')
  await ports.limits.refund(...uses)
  return user
}

/** Whom a typed name may mean; `user` is null where there is no such user. */
export interface PasswordCandidate<User extends Pick<UserRecord, 'passwordHash'>> {
  /** Under which wrong passwords are counted. */
  readonly subject: string
  readonly user: User | null
}

/** A password that was entered for a name, which may mean several users. */
export interface PasswordAttempt<User extends Pick<UserRecord, 'passwordHash'>> {
  readonly candidates: readonly PasswordCandidate<User>[]
  readonly password: string
  readonly origin: Origin
  readonly caller: Caller
}

/**
 * The same for a name that may mean several users: returns the first whose password it is. The password is compared with
 * each of them at the same time, and the try is counted for each.
 *
 * @throws Failure `credential_rejected` without saying what was wrong, or `rate_limited`
 */
export async function proveOneOf<User extends Pick<UserRecord, 'passwordHash'>>(
  ports: Pick<Ports, 'limits' | 'passwords' | 'now' | 'policy'>,
  attempt: PasswordAttempt<User>,
): Promise<User> {
  const { candidates, ...given } = attempt
  const subjects = [...new Set(candidates.map(({ subject }) => subject))]
  const counted = subjects.map((subject) => useOf(ports, 'wrong password for account', subject))
  return provePassword(ports, { ...given, users: candidates.map(({ user }) => user), counted })
}
