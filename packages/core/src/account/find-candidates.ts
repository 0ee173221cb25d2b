import type { Ports } from '../ports.ts'
import { accountKey } from './account-name.ts'
import { phoneNumber } from './phone-number.ts'
import type { PasswordCandidate } from './prove-password.ts'
import type { UserRecord } from './user.ts'

/**
 * Whom a typed account name or phone number may mean. A text that looks like a number may be the number of one user and
 * the name of another, so it has two candidates: first the user who proved the number, because a name proves nothing.
 * Their count depends on the text only: each costs a comparison, so the time reveals neither.
 */
export async function findCandidates(
  ports: Pick<Ports, 'users'>,
  text: string,
): Promise<PasswordCandidate<UserRecord>[]> {
  const name = accountKey(text)
  const phone = phoneNumber(text)
  const named = await ports.users.findByAccount(name)
  const candidate = { subject: named === null ? name : passwordSubject(named), user: named }
  if (phone === null) return [candidate]
  const numbered = await ports.users.findByPhone(phone)
  return [
    { subject: numbered === null ? phone : passwordSubject(numbered), user: numbered },
    candidate,
  ]
}

/** Under which wrong passwords of a user are counted, whether the name or the number was typed. */
export function passwordSubject({ id, account }: Pick<UserRecord, 'id' | 'account'>): string {
  return account === null ? id : accountKey(account)
}
