import type { PasswordCaller } from '../../account/passwords.ts'
import { type PasswordCandidate, passwordCaller } from '../../account/prove-password.ts'
import type { UserRecord } from '../../account/user.ts'
import type { Origin } from '../../audit/audit-log.ts'
import { Failure } from '../../failure.ts'
import type { LimitedUse } from '../../rate-limit/limit-store.ts'
import { spendAll, useOf, usesFrom } from '../../rate-limit/limits.ts'
import type { AdminPorts } from '../admin-ports.ts'

type LimitPorts = Pick<AdminPorts, 'limits' | 'now' | 'policy'>

/** Where a wrong code is counted: in a known browser or in a session, otherwise for the administrator. */
export function codeUse(
  ports: Pick<AdminPorts, 'now' | 'policy'>,
  userId: string,
  browser: string | null,
): LimitedUse {
  return browser === null
    ? useOf(ports, 'wrong code of administrator', userId)
    : useOf(ports, 'wrong code in browser', browser)
}

/** Where a wrong password is counted: in a known browser or in a session, otherwise for the account and the network. */
function passwordUses(
  ports: Pick<AdminPorts, 'now' | 'policy'>,
  { subject, origin }: { subject: string; origin: Origin },
  browser: string | null,
): readonly LimitedUse[] {
  if (browser !== null) return [useOf(ports, 'wrong password in browser', browser)]
  return [
    ...usesFrom(ports, 'wrong password from address', origin.address),
    useOf(ports, 'wrong password of administrator', subject),
  ]
}

/**
 * Counts a try before it is verified, so that concurrent guesses are counted too. It is given back where `prove` was
 * right, and where it throws, because then nothing was verified. A wrong try is null.
 *
 * @throws Failure `credential_rejected`, `rate_limited`
 */
export async function countedTry<T>(
  ports: LimitPorts,
  uses: readonly LimitedUse[],
  prove: () => Promise<T | null>,
): Promise<T> {
  await spendAll(ports, uses)
  const proved = await prove().catch(async (error: unknown) => {
    await ports.limits.refund(...uses)
    throw error
  })
  if (proved === null) throw new Failure('credential_rejected')
  await ports.limits.refund(...uses)
  return proved
}

/**
 * Verifies an administrator's password.
 *
 * @throws Failure `credential_rejected` without saying what was wrong, or `rate_limited`
 */
export function proveAdminPassword<User extends Pick<UserRecord, 'passwordHash'>>(
  ports: LimitPorts & Pick<AdminPorts, 'passwords'>,
  {
    user,
    subject,
    password,
    origin,
  }: PasswordCandidate<User> & { password: string; origin: Origin },
  browser: string | null,
): Promise<User> {
  const caller =
    browser === null
      ? passwordCaller({ kind: 'administrator', id: subject }, origin)
      : adminCaller(subject, origin)
  return countedTry(ports, passwordUses(ports, { subject, origin }, browser), async () => {
    const matches = await ports.passwords.verify(password, user?.passwordHash ?? null, caller)
    return matches ? user : null
  })
}

/** The place in the queue of passwords of an administrator who is signed in, or in a known browser. */
export const adminCaller = (id: string, origin: Origin): PasswordCaller =>
  passwordCaller({ kind: 'known administrator', id }, origin)
