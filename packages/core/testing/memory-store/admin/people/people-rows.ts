import type { Person, PersonInFull } from '../../../../src/admin/index.ts'
import { toUser } from '../../account/user-rows.ts'
import { bindingOf, identitiesOf } from '../../identity/identity-rows.ts'
import { sessionsOf } from '../../session/sessions.ts'
import type { MemoryState, UserRow } from '../../state.ts'

export function userNotMerged(state: MemoryState, userId: string): UserRow | null {
  const user = state.users.get(userId)
  return user === undefined || user.mergedInto !== null ? null : user
}

export function findPerson(state: MemoryState, userId: string): PersonInFull['person'] | null {
  const user = userNotMerged(state, userId)
  return user && { ...toPerson(state, user), hasPassword: user.passwordHash !== null }
}

export function toPerson(state: MemoryState, row: UserRow): Person {
  const lastSeenAt = [...state.sessions.values()]
    .filter(({ userId }) => userId === row.id)
    .reduce<number | null>((latest, session) => Math.max(latest ?? 0, session.lastSeenAt), null)
  const appIds = identitiesOf(state, row.id).map(({ appId }) => appId)
  return { ...toUser(row), externalId: row.externalId, lastSeenAt, appIds }
}

export function bindingsOf(
  state: MemoryState,
  userId: string,
  now: number,
): Pick<PersonInFull, 'identities' | 'sessions'> {
  const identities = identitiesOf(state, userId)
  return {
    identities: identities.map((row) => {
      const { appId, openid, unionid } = row
      return { appId, openid, unionid, ...bindingOf(state, row) }
    }),
    sessions: sessionsOf(state, userId, now).map(
      ({ id, appId, device, createdAt, lastSeenAt, expiresAt }) => ({
        id,
        appId,
        device,
        createdAt,
        lastSeenAt,
        expiresAt,
      }),
    ),
  }
}
