import { undoTime } from '../../../src/admin/index.ts'
import { forgetOrigin } from '../admin/people/person-notes.ts'
import { forgetPseudonym } from '../audit/subjects.ts'
import { endTickets } from '../identity/tickets.ts'
import { deleteRows, type MemoryState } from '../state.ts'
import { dropDeliveriesOf, emit } from '../webhooks/outbox.ts'

/** Removes a user for good, as `removeUser` does, and what is to be sent about the person; that is told instead. */
export function deleteUser(state: MemoryState, userId: string): void {
  const ids = samePerson(state, userId)
  const users = ids.flatMap((id) => state.users.get(id) ?? [])
  const notBefore = dropDeliveriesOf(state, ids)
  removeUser(state, userId)
  // Of those who were merged into the user too: what told the merge may just have been dropped.
  for (const { id, role, externalId } of users)
    if (role === 'user')
      emit(state, { type: 'user.deleted', userId: id, externalId }, { personId: userId, notBefore })
}

/** The user, and those who were merged into it. */
const samePerson = (state: MemoryState, userId: string): string[] => [
  userId,
  ...[...state.users.values()]
    .filter(({ mergedInto }) => mergedInto === userId)
    .flatMap(({ id }) => samePerson(state, id)),
]

/**
 * Removes a user, the users that were merged into it, and everything personal. The lines of the audit log stay as they
 * are, under a pseudonym that nothing links to the user any more.
 */
export function removeUser(state: MemoryState, userId: string): void {
  for (const { id, mergedInto } of state.users.values())
    if (mergedInto === userId) removeUser(state, id)
  const ofUser = (row: { readonly userId: string }): boolean => row.userId === userId
  endTickets(state, userId)
  deleteRows(state.identities, ofUser)
  deleteRows(state.unbindings, ofUser)
  deleteRows(state.sessions, ofUser)
  deleteRows(state.personNotes, ofUser)
  forgetOrigin(state, userId)
  deleteRows(state.conflicts, (row) => row.firstUserId === userId || row.secondUserId === userId)
  deleteRows(state.merges, (row) => row.keptId === userId || row.goneId === userId)
  deleteRows(state.adminSessions, ofUser)
  state.factors.delete(userId)
  state.enrolments.delete(userId)
  deleteRows(state.knownBrowsers, ofUser)
  state.avatars.delete(userId)
  for (const key of state.serviceKeys.values())
    if (key.createdBy === userId) state.serviceKeys.set(key.id, { ...key, createdBy: null })
  for (const webhook of state.webhooks.values())
    if (webhook.createdBy === userId)
      state.webhooks.set(webhook.id, { ...webhook, createdBy: null })
  forgetPseudonym(state, userId)
  state.users.delete(userId)
}

/** Removes the users whose merge can no longer be undone. A time beyond `undoTime` is of a clock that was ahead. */
export function removeMergedUsers(state: MemoryState, now: number): void {
  const latest = now + undoTime
  for (const user of state.users.values()) {
    const { id, mergedUntil } = user
    if (mergedUntil !== null && mergedUntil <= now) removeUser(state, id)
    if (mergedUntil !== null && mergedUntil > latest)
      state.users.set(id, { ...user, mergedUntil: latest })
  }
}
