import type { PhoneSealer } from '../../tokens/phone-sealer.ts'
import type { ObservedClock } from './clock/observed-clock.ts'
import type { Postgres, Transaction } from './connection/index.ts'

/** What the stores of accounts and of the admin side are made of. */
export interface PostgresDatabase
  extends Pick<Postgres, 'reads' | 'writes' | 'transaction' | 'snapshot'> {
  readonly phones: PhoneSealer
  readonly clock: ObservedClock
  /**
   * Keeps the pseudonyms of users who are about to be removed for the lines of calls that are in flight. May be called
   * again for the same users.
   */
  readonly rememberSubjects: (tx: Transaction, userIds: readonly string[]) => Promise<void>
}
