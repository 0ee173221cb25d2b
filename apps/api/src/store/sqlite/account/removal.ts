import { undoTime } from '@mianmi/core/admin'
import { prepareSubjects } from '../audit/subjects.ts'
import type { Database } from '../database.ts'
import { prepareTicketRemoval } from '../identity/tickets.ts'
import { prepareOutbox } from '../webhooks/outbox.ts'

/** Upper limit of merged users removed with one sign-in. */
const sweepSize = 2

/** Prepares the permanent removal of users. Call the functions inside a transaction. */
export function prepareRemoval(
  database: Pick<Database, 'orm' | 'sqlite' | 'removedSubjects' | 'clock' | 'outbox' | 'now'>,
) {
  const { sqlite, clock } = database
  const subjects = prepareSubjects(database)
  // Users that were merged into this user are the same person and are removed with it.
  const samePerson = sqlite
    .prepare<[string], string>(
      `with recursive same(id) as (
         select ? union select users.id from users join same on users.merged_into = same.id)
       select id from same`,
    )
    .pluck()
  const dropTickets = prepareTicketRemoval({ sqlite })
  const dropUser = sqlite.prepare('delete from users where id = ?')
  const expiredMerges = sqlite
    .prepare<[number], string>(
      `select id from users where merged_until <= ? order by merged_until limit ${sweepSize}`,
    )
    .pluck()
  const shorten = prepareShortening({ sqlite })
  /**
   * Identities, sessions, conflicts and the pseudonym are deleted by foreign keys. The lines of the audit log stay as
   * they are: without the pseudonym they name no person.
   */
  const remove = (userId: string): void => {
    for (const id of samePerson.all(userId).reverse()) {
      subjects.remember(id)
      dropTickets(id)
      dropUser.run(id)
    }
  }
  const { emitDeletion, drop } = prepareOutbox(database)
  const findUser = sqlite.prepare<[string], { externalId: string | null; role: string }>(
    'select external_id as externalId, role from users where id = ?',
  )
  return {
    /** Removes a person, and what is to be sent about the person but that. */
    removeForGood: (userId: string): void => {
      const ids = samePerson.all(userId)
      const users = ids.map((id) => ({ id, user: findUser.get(id) }))
      const notBefore = drop(ids)
      remove(userId)
      // Of those who were merged into the user too: what told the merge may just have been dropped.
      for (const { id, user } of users)
        if (user?.role === 'user')
          emitDeletion({ userId: id, externalId: user.externalId, personId: userId, notBefore })
    },
    /** Removes merged users whose merge can no longer be undone, also by the clock as it was observed before. */
    sweepMerged: (now: number): void => {
      const { earliest, latest } = clock.observe(now)
      shorten(latest)
      expiredMerges.all(earliest).forEach(remove)
    },
  }
}

/** A merge that can be undone for longer than `undoTime` was made by a clock that was ahead. Looks for some once a minute. */
function prepareShortening({ sqlite }: Pick<Database, 'sqlite'>): (now: number) => void {
  const shorten = sqlite.prepare(
    'update users set merged_until = :latest where merged_until > :latest',
  )
  let ranAt = 0
  return (now) => {
    if (Math.abs(now - ranAt) < 60_000) return
    shorten.run({ latest: now + undoTime })
    ranAt = now
  }
}
