import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { SessionSummary, SignedInCaller } from './session.ts'

export interface ListedSession extends SessionSummary {
  /** Whether it is the caller's session. */
  readonly current: boolean
}

export async function listSessions(
  ports: Pick<Ports, 'sessions' | 'now'>,
  { user, session }: SignedInCaller,
): Promise<ListedSession[]> {
  const sessions = await ports.sessions.list(user.id, ports.now())
  return sessions.map((listed) => ({ ...listed, current: listed.id === session.id }))
}

/**
 * Ends a session of the caller.
 *
 * @throws Failure `not_found` where there is no such session, or it belongs to another user
 */
export async function revokeSession(
  ports: Pick<Ports, 'sessions'>,
  { user }: SignedInCaller,
  sessionId: string,
): Promise<void> {
  const ended = await ports.sessions.end({ id: sessionId, userId: user.id })
  if (!ended) throw new Failure('not_found')
}

export function revokeOtherSessions(
  ports: Pick<Ports, 'sessions'>,
  { user, session }: SignedInCaller,
): Promise<number> {
  return ports.sessions.endOthers({ id: session.id, userId: user.id })
}
