import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { accepted, callerNow } from './caller.ts'
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
  ports: Pick<Ports, 'sessions' | 'now'>,
  caller: SignedInCaller,
  sessionId: string,
): Promise<void> {
  const request = { caller: callerNow(ports, caller), sessionId }
  if (!accepted(await ports.sessions.revoke(request))) throw new Failure('not_found')
}

export async function revokeOtherSessions(
  ports: Pick<Ports, 'sessions' | 'now'>,
  caller: SignedInCaller,
): Promise<number> {
  return accepted(await ports.sessions.endOthers(callerNow(ports, caller)))
}
