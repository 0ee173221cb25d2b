import type { Database } from '../database.ts'

/** Merged users removed with one sign-in, at most: each may have many lines in the audit log. */
const sweepSize = 2

/** Taking users away for good; to be called inside a transaction. */
export function prepareRemoval({ sqlite }: Pick<Database, 'sqlite'>) {
  // Who was merged into somebody is the same person, and goes with them.
  const samePerson = sqlite
    .prepare<[string], string>(
      `with recursive same(id) as (
         select ? union select users.id from users join same on users.merged_into = same.id)
       select id from same`,
    )
    .pluck()
  // Where an administrator did it, the address and the device are the administrator's.
  const forget = sqlite.prepare(
    `update audit_events set address = null, device = null
     where user_id = ? and operator_id is null`,
  )
  const dropTickets = sqlite.prepare('delete from tickets where used_by = ?')
  const dropUser = sqlite.prepare('delete from users where id = ?')
  const due = sqlite
    .prepare<[number], string>(
      `select id from users where merged_until <= ? order by merged_until limit ${sweepSize}`,
    )
    .pluck()
  /** Identities, sessions and conflicts go with the user; the audit log keeps what happened, not who or where. */
  const remove = (userId: string): void => {
    for (const id of samePerson.all(userId).reverse()) {
      forget.run(id)
      dropTickets.run(id)
      dropUser.run(id)
    }
  }
  return {
    remove,
    /** Those whose merge can be undone no longer. */
    sweepMerged: (now: number): void => due.all(now).forEach(remove),
  }
}
