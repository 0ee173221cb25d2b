import type { Ports } from '../ports.ts'
import { accountKey } from './account-name.ts'
import { phoneNumber } from './phone-number.ts'
import type { PasswordCandidate } from './prove-password.ts'
import type { UserRecord } from './user.ts'

/**
 * Whom in a mini program a typed account name or phone number may mean. A text that looks like a number may be the number
 * of one user and the name of another, so it has two candidates: first the user who proved the number, because a name
 * proves nothing. Their count depends on the text only: each costs a comparison, so the time reveals neither. An
 * administrator signs in to no mini program: the candidate is the same as that of a name that no user has.
 */
export async function findCandidates(
  ports: Pick<Ports, 'users'>,
  text: string,
): Promise<PasswordCandidate<UserRecord>[]> {
  const name = accountKey(text)
  const phone = phoneNumber(text)
  const named = await ports.users.findByAccount(name)
  if (phone === null) return [candidateOf(name, named)]
  return [candidateOf(phone, await ports.users.findByPhone(phone)), candidateOf(name, named)]
}

function candidateOf(typed: string, user: UserRecord | null): PasswordCandidate<UserRecord> {
  if (user === null || user.role === 'admin') return { subject: typed, user: null }
  return { subject: passwordSubject(user), user }
}

/** Under which wrong passwords of a user are counted, whether the name or the number was typed. */
function passwordSubject({ id, account }: Pick<UserRecord, 'id' | 'account'>): string {
  return account === null ? id : accountKey(account)
}
