import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { refund, spend } from '../rate-limit/limits.ts'
import { isMadeOfContext } from './guessable.ts'
import type { UserRecord } from './user.ts'

/**
 * Checks a new password and hashes it.
 *
 * @param account the account name that the password is for, if there is one
 * @throws Failure `invalid_input` for a common password
 */
export async function hashNewPassword(
  ports: Pick<Ports, 'passwords'>,
  password: string,
  account: string | null,
): Promise<string> {
  if (isMadeOfContext(password, account) || (await ports.passwords.isCommon(password)))
    throw new Failure('invalid_input', { detail: 'a common password' })
  return ports.passwords.hash(password)
}

/**
 * Verifies the password of an account. A try is counted before the password is verified and given back when it
 * was right, so that concurrent guesses are counted too.
 *
 * @throws Failure `credential_rejected` without saying what was wrong, or `rate_limited`
 */
export async function provePassword<User extends Pick<UserRecord, 'passwordHash'>>(
  ports: Pick<Ports, 'limits' | 'passwords' | 'now' | 'policy'>,
  attempt: PasswordCandidate<User> & { password: string; origin: Origin },
): Promise<User> {
  const { subject, user, password, origin } = attempt
  return proveOneOf(ports, { candidates: [{ subject, user }], password, origin })
}

/** Whom a typed name may mean; `user` is null where there is no such user. */
export interface PasswordCandidate<User extends Pick<UserRecord, 'passwordHash'>> {
  /** Under which wrong passwords are counted. */
  readonly subject: string
  readonly user: User | null
}

/**
 * The same for a name that may mean several users: returns the first whose password it is. The password is compared with
 * each of them at the same time, and the try is counted for each.
 *
 * @throws Failure `credential_rejected` without saying what was wrong, or `rate_limited`
 */
export async function proveOneOf<User extends Pick<UserRecord, 'passwordHash'>>(
  ports: Pick<Ports, 'limits' | 'passwords' | 'now' | 'policy'>,
  attempt: {
    candidates: readonly PasswordCandidate<User>[]
    password: string
    origin: Origin
  },
): Promise<User> {
  const { candidates, password, origin } = attempt
  const subjects = [...new Set(candidates.map(({ subject }) => subject))]
  await spend(ports, 'wrong password from address', origin.address)
  for (const subject of subjects) await spend(ports, 'wrong password for account', subject)
  const matches = await Promise.all(
    candidates.map(({ user }) => ports.passwords.verify(password, user?.passwordHash ?? null)),
  ).catch(async (error: unknown) => {
    // The password was not verified, so it was not a guess.
    await takeBack()
    throw error
  })
  const user = candidates.find((_, index) => matches[index] === true)?.user ?? null
  if (user === null) throw new Failure('credential_rejected')
  await takeBack()
  return user

  async function takeBack(): Promise<void> {
    await Promise.all([
      refund(ports, 'wrong password from address', origin.address),
      ...subjects.map((subject) => refund(ports, 'wrong password for account', subject)),
    ])
  }
}
