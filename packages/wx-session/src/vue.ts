import { onScopeDispose, type ShallowRef, shallowReadonly, shallowRef } from 'vue'
import type { Session } from './session/session.ts'
import type { SessionState } from './session/state/session-state.ts'

/**
 * The state of a session as a ref (Vue, uni-app): in `setup` until the component is unmounted, in a Pinia store until
 * the store is disposed of.
 *
 * @example
 * ```ts
 * import { useSession } from '@mianmi/wx-session/vue'
 *
 * export const useSessionStore = defineStore('session', () => ({ state: useSession(session) }))
 * ```
 */
export function useSession<U>(
  session: Pick<Session<U>, 'state' | 'subscribe'>,
): Readonly<ShallowRef<SessionState<U>>> {
  const state = shallowRef(session.state)
  const unsubscribe = session.subscribe((next) => {
    state.value = next
  })
  onScopeDispose(unsubscribe)
  return shallowReadonly(state) as Readonly<ShallowRef<SessionState<U>>>
}
