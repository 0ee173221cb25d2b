import type { SignInFlow } from './sign-in/sign-in-flow.ts'
import { NotSignedInError } from './state/session-state.ts'
import type { SessionStateStore } from './state/session-state-store.ts'
import { withTimeLimit } from './time-limit.ts'

/** Makes a call with an access token; see `Session.authorized`. */
export type Authorized = <T>(
  run: (accessToken: string) => Promise<T>,
  options?: AuthorizedOptions,
) => Promise<T>

/** Options of a single call. */
export interface AuthorizedOptions {
  /** Milliseconds after which one attempt counts as failed; Infinity: never. Default: `requestTimeout`. */
  timeout?: number
}

interface AuthorizedDefaults {
  isUnauthenticated(failure: unknown): boolean
  /** Milliseconds. */
  requestTimeout: number
}

export const createAuthorized =
  (
    stateStore: SessionStateStore<unknown>,
    [signIn, renew, accepted, refused]: SignInFlow,
    { isUnauthenticated, requestTimeout }: AuthorizedDefaults,
  ): Authorized =>
  async (run, { timeout = requestTimeout } = {}) => {
    const { callToken } = stateStore
    const attempt = (accessToken: string) => withTimeLimit(() => run(accessToken), timeout)
    if (callToken !== null) return attempt(callToken)
    // Sent at once when signed in: after a wait, another person could be.
    if (!stateStore.tokens) await signIn()
    const { epoch } = stateStore
    const accessToken = requireToken(stateStore)
    try {
      return await attempt(accessToken)
    } catch (rejection) {
      if (!isUnauthenticated(rejection)) throw rejection
      if (stateStore.epoch === epoch) await renew(accessToken, rejection)
      const renewed = requireToken(stateStore)
      // Another person may be signed in by now: the call must not run in their name.
      if (stateStore.epoch !== epoch) throw rejection
      const repetition = attempt(renewed)
      repetition.then(accepted, (failure: unknown) => {
        if (isUnauthenticated(failure)) refused(renewed, failure)
      })
      return repetition
    }
  }

const requireToken = ({ state, tokens }: SessionStateStore<unknown>): string => {
  if (tokens) return tokens.accessToken
  throw state.status === 'offline' ? state.error : new NotSignedInError(state)
}
