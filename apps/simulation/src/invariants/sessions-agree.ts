import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

/** As far as a clock of a node may be off, in ms; and as much again, because a session expires by the clock that opened it. */
const clockTolerance = 20 * 60_000
/** Copies of one token in two contexts that cannot share the newest one are two holders. */
const storageMemory = 70 * 24 * 3_600_000

/** How many sessions a user has at most. */
const mostSessions = 100

const sessionsOf = ({ store }: World, userId: string): number =>
  [...store.state.sessions.values()].filter((row) => row.userId === userId).length

export const endedSessionsGo: Invariant = {
  name: 'ended-sessions-go',
  sentence:
    'What a person, an administrator or a change of credentials ends is ended at that moment, and so is the oldest session of a user who has a hundred.',
  sees: 'after',
  watch(world, fail) {
    const { oracle, store } = world
    return {
      committed({ result }) {
        const opened = result as { status?: string; user?: { id: string } } | null
        if (opened?.status !== 'bound' || opened.user === undefined) return
        if (sessionsOf(world, opened.user.id) > mostSessions)
          fail(`a user has more than ${mostSessions} sessions`)
      },
      stored(name) {
        for (const { id } of store.state.sessions.values()) {
          const known = oracle.model.sessions.get(id)
          if (known === undefined) return fail(`${name} opened a session that nothing proves`)
          if (known.ended !== null)
            return fail(`after ${name} a session lives that was ended: ${known.ended}`)
        }
      },
    }
  },
}

export const nobodyIsSignedOut: Invariant = {
  name: 'no-user-is-signed-out',
  sentence:
    'A session ends by a wish, by its time or because its token is in two hands; never by loss, order or a crash.',
  sees: 'after',
  watch(world, fail) {
    const { oracle, store, timeline } = world
    const expiresAt = new Map<string, number>()
    const isOver = (id: string): boolean =>
      (expiresAt.get(id) ?? 0) <= timeline.now + clockTolerance
    return {
      served({ path, input }, result) {
        if (
          path !== 'session.refresh' ||
          !('reason' in result) ||
          result.reason !== 'unauthenticated'
        )
          return
        // Session id, counter and MAC. An older token than the newest may be refused.
        const [id = '', counter = ''] = String(
          (input as { refreshToken?: unknown }).refreshToken,
        ).split('.')
        const row = store.state.sessions.get(id)
        const session = oracle.model.sessions.get(id)
        if (row?.counter.toString(36) !== counter || session === undefined || isOver(id)) return
        if (session.ended === null && session.excuses.size === 0 && !isTorn(world, id))
          fail('the newest refresh token of a session was refused although the session lives')
      },
      committed({ name, args, result }) {
        const request = args[0] as { sessionId: string }
        const status = (result as { status?: string } | null)?.status
        if (name === 'sessions.refresh') {
          const session = oracle.model.sessions.get(request.sessionId)
          const isExcused =
            session !== undefined && (session.excuses.size > 0 || isTorn(world, request.sessionId))
          if (status === 'reused' && !isExcused)
            return fail('a session ended as if two held its token, and no one else had it')
          if (
            status === 'not_found' &&
            session?.ended === null &&
            !isOver(session.id) &&
            !isExcused
          )
            fail('a refresh was refused although the session lives')
        }
      },
      stored(name) {
        for (const row of store.state.sessions.values()) expiresAt.set(row.id, row.expiresAt)
        for (const session of oracle.model.sessions.values()) {
          if (session.ended !== null || store.state.sessions.has(session.id)) continue
          if (isOver(session.id)) session.ended = 'expired'
          // A user has 100 sessions at most; the oldest goes.
          else if (sessionsOf(world, session.userId) === mostSessions) session.ended = 'too many'
          else return fail(`${name} ended a session without a request to end it`)
        }
      },
    }
  },
}

/** Whether the phone of a session cannot keep its tokens, or the clock jumped: both are documented. */
export function isTorn(
  { devices, nodes, timeline, clockJumpedAt, oracle }: World,
  sessionId: string,
): boolean {
  if (nodes.some(({ clockOffset }) => clockOffset !== 0)) return true
  if (timeline.now - clockJumpedAt < 30 * 60_000) return true
  const session = oracle.model.sessions.get(sessionId)
  return devices.some(({ person, apps }) =>
    [...apps.values()].some(
      ({ appId, storageFailedAt }) =>
        appId === session?.appId &&
        oracle.personOf(session.openid) === person &&
        timeline.now - storageFailedAt < storageMemory,
    ),
  )
}
