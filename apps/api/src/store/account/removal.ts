import { undoTime } from '@mianmi/core/admin'
import type { Database } from '../database.ts'
import { prepareTicketRemoval } from '../identity/tickets.ts'

/** Upper limit of merged users removed with one sign-in: each may have many lines in the audit log. */
const sweepSize = 2

/** Prepares the permanent removal of users. Call the functions inside a transaction. */
export function prepareRemoval({ sqlite }: Pick<Database, 'sqlite'>) {
  // Users that were merged into this user are the same person and are removed with it.
  const samePerson = sqlite
    .prepare<[string], string>(
      `with recursive same(id) as (
         select ? union select users.id from users join same on users.merged_into = same.id)
       select id from same`,
    )
    .pluck()
  // A line of an administrator has the administrator's address and device, which stay.
  const anonymize = sqlite.prepare(
    `update audit_events set address = null, device = null
     where user_id = ? and operator_id is null`,
  )
  const dropTickets = prepareTicketRemoval({ sqlite })
  const dropUser = sqlite.prepare('delete from users where id = ?')
  const expiredMerges = sqlite
    .prepare<[number], string>(
      `select id from users where merged_until <= ? order by merged_until limit ${sweepSize}`,
    )
    .pluck()
  // A later time is of a clock that was ahead.
  const shorten = sqlite.prepare(
    'update users set merged_until = :latest where merged_until > :latest',
  )
  /**
   * Identities, sessions and conflicts are deleted by foreign keys. The audit log keeps what happened, without the
   * address and the device.
   */
  const remove = (userId: string): void => {
    for (const id of samePerson.all(userId).reverse()) {
      anonymize.run(id)
      dropTickets(id)
      dropUser.run(id)
    }
  }
  return {
    remove,
    /** Removes merged users whose merge can no longer be undone. */
    sweepMerged: (now: number): void => {
      shorten.run({ latest: now + undoTime })
      expiredMerges.all(now).forEach(remove)
    },
  }
}
