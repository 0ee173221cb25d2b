import { useSyncExternalStore } from 'react'
import type { Session } from './session/session.ts'
import type { SessionState } from './session/state/session-state.ts'

/**
 * The state of a session in a React component (Taro), which renders again with each change.
 *
 * @example
 * ```tsx
 * import { useSession } from '@mianmi/wx-session/react'
 *
 * function Greeting() {
 *   const state = useSession(session)
 *   return <Text>{state.status === 'signedIn' ? state.user.name : '未登录'}</Text>
 * }
 * ```
 */
export function useSession<U>(session: Pick<Session<U>, 'state' | 'subscribe'>): SessionState<U> {
  const read = () => session.state
  return useSyncExternalStore(session.subscribe, read, read)
}
