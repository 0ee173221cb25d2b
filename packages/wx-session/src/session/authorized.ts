import type { SignInFlow } from './sign-in/sign-in-flow.ts'
import { NotSignedInError } from './state/session-state.ts'
import type { SessionStateStore } from './state/session-state-store.ts'

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

/** {@link Authorized} without a time limit. */
export type AuthorizedRun = <T>(run: (accessToken: string) => Promise<T>) => Promise<T>

export interface AuthorizedRunOptions {
  isUnauthenticated(failure: unknown): boolean
  now(): number
}

export const createAuthorized =
  (
    stateStore: SessionStateStore<unknown>,
    [signIn, renew, refused, endPause]: SignInFlow,
    { isUnauthenticated, now }: AuthorizedRunOptions,
  ): AuthorizedRun =>
  async (run) => {
    const { callToken } = stateStore
    if (callToken !== undefined) return run(callToken)
    // Sent at once when signed in: after a wait, another person could be.
    if (!stateStore.tokens) await signIn()
    const { epoch } = stateStore
    const accessToken = requireToken(stateStore)
    try {
      return await run(accessToken)
    } catch (rejection) {
      if (!isUnauthenticated(rejection)) throw rejection
      if (stateStore.epoch === epoch) await renew(accessToken, rejection)
      const renewed = requireToken(stateStore)
      // Another person may be signed in by now: the call must not run in their name.
      if (stateStore.epoch !== epoch) throw rejection
      const sentAt = now()
      const repetition = run(renewed)
      repetition.then(
        () => endPause(sentAt),
        (failure: unknown) =>
          isUnauthenticated(failure) && stateStore.epoch === epoch && refused(renewed, failure),
      )
      return repetition
    }
  }

const requireToken = ({ state, tokens }: SessionStateStore<unknown>): string => {
  if (tokens) return tokens.accessToken
  throw state.status === 'offline' ? state.error : new NotSignedInError(state)
}
