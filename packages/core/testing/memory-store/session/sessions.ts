import {
  decideRefresh,
  firstRotation,
  maxSessions,
  type NewSession,
  type RefreshRequest,
  type RefreshResult,
  type SessionRecord,
  type SessionStore,
  type SessionSummary,
} from '../../../src/index.ts'
import { toUser } from '../account/user-rows.ts'
import { identityInApp, identityKey } from '../identity/identity-rows.ts'
import { deleteRows, insertRow, type MemoryState } from '../state.ts'
import { emit } from '../webhooks/outbox.ts'
import { refusalOfCaller } from './callers.ts'

export function createSessionStore(state: MemoryState): SessionStore {
  const withUser = (id: string) => {
    const session = state.sessions.get(id)
    const user = session && state.users.get(session.userId)
    return session && user ? { session, user } : null
  }
  return {
    async find(sessionId) {
      const found = withUser(sessionId)
      if (found === null) return null
      const { id, userId, appId, createdAt, expiresAt } = found.session
      return { session: { id, userId, appId, createdAt, expiresAt }, user: toUser(found.user) }
    },

    findRecord: async (sessionId) => state.sessions.get(sessionId) ?? null,

    list: async (userId, now) =>
      sessionsOf(state, userId, now).map(
        ({ id, appId, device, createdAt, lastSeenAt, expiresAt }) => {
          return { id, userId, appId, device, createdAt, lastSeenAt, expiresAt }
        },
      ),

    refresh: async (request) => refreshSession(state, request),

    end: async ({ id, userId }) =>
      dropSessions(state, (row) => row.id === id && row.userId === userId) === 1,

    async revoke({ caller, sessionId }) {
      const refused = refusalOfCaller(state, caller)
      if (refused !== null) return refused
      const isOwn = (row: SessionRecord) => row.id === sessionId && row.userId === caller.userId
      return dropSessions(state, isOwn) === 1
    },

    async endOthers(caller) {
      const { sessionId: keepSessionId, userId } = caller
      return refusalOfCaller(state, caller) ?? endOtherSessions(state, { userId, keepSessionId })
    },
  }
}

function refreshSession(state: MemoryState, request: RefreshRequest): RefreshResult {
  const { sessionId } = request
  const session = state.sessions.get(sessionId)
  const user = session && state.users.get(session.userId)
  const found = session && user ? { session, role: user.role, disabledAt: user.disabledAt } : null
  const result = decideRefresh(found, request)
  if (result.status === 'reused') dropSessions(state, ({ id }) => id === sessionId)
  if (result.status === 'rotated' || result.status === 'repeated')
    state.sessions.set(sessionId, result.session)
  return result
}

/** The sessions of a user that are not past their time, newest first. */
export const sessionsOf = (state: MemoryState, userId: string, now: number): SessionSummary[] =>
  [...state.sessions.values()]
    .filter((session) => session.userId === userId && session.expiresAt > now)
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
    .slice(0, maxSessions)

/** Opens a session; those that are past their time go with it, and those that are too many. */
export function openSession(state: MemoryState, session: NewSession, userId: string): void {
  const { id, appId, device, createdAt, expiresAt, secret } = session
  const times = { createdAt, lastSeenAt: createdAt, rotatedAt: createdAt, expiresAt }
  dropSessions(state, (row) => row.expiresAt <= createdAt, createdAt)
  insertRow(state.sessions, id, {
    ...firstRotation,
    ...{ id, userId, appId, device, ...times, counter: 0, secret, secretSince: 0 },
  })
  const seenAt = (other: SessionSummary): number =>
    [other.lastSeenAt, other.createdAt].find((time) => time <= createdAt) ?? 0
  const others = [...state.sessions.values()]
    .filter((other) => other.userId === userId && other.id !== id)
    .sort((a, b) => seenAt(b) - seenAt(a) || b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
  const oldest = others.slice(maxSessions - 1)
  dropSessions(state, (row) => oldest.includes(row))
}

/** Ends the sessions of a user in each app where the user has no identity. */
export function endSessionsWithoutIdentity(state: MemoryState, userId: string): void {
  const appIds = new Set(
    [...state.identities.values()].filter((row) => row.userId === userId).map((row) => row.appId),
  )
  dropSessions(state, (session) => session.userId === userId && !appIds.has(session.appId))
}

/** Ends the sessions of a user, in one app where `appId` is given, and returns how many those were. */
export function endOtherSessions(
  state: MemoryState,
  which: { userId: string; keepSessionId: string | null; appId?: string },
): number {
  const { userId, keepSessionId, appId } = which
  return dropSessions(
    state,
    (session) =>
      session.userId === userId &&
      session.id !== keepSessionId &&
      (appId === undefined || session.appId === appId),
  )
}

/** Ends sessions and returns how many those were. When each was last seen stays with the identity that opened it. */
export function dropSessions(
  state: MemoryState,
  matches: (session: SessionRecord) => boolean,
  at: number = state.now(),
): number {
  for (const session of [...state.sessions.values()].filter(matches)) {
    const { userId, appId } = session
    const identity = identityInApp(state, userId, appId)
    const lastSeenAt = Math.max(identity?.lastSeenAt ?? 0, session.lastSeenAt)
    if (identity) state.identities.set(identityKey(identity), { ...identity, lastSeenAt })
    // One that has expired ended before.
    if (session.expiresAt > at)
      emit(state, { type: 'session.ended', userId, appId, sessionId: session.id })
  }
  return deleteRows(state.sessions, matches)
}
