import { type Authorized, createAuthorized } from './authorized.ts'
import { runWithToken } from './call-scope.ts'
import type { SessionReply, SessionRequestOptions, SessionWx } from './call-wx.ts'
import { isCodeRejected, isUnauthenticated } from './failures.ts'
import { fieldsOf, ignore } from './fields.ts'
import { createRequest } from './request.ts'
import { createSignInFlow, type SignInOptions } from './sign-in/sign-in-flow.ts'
import type { OnSessionEvent } from './state/session-events.ts'
import {
  isToken,
  isTokens,
  type SessionState,
  type SignedIn,
  signedOut,
  type Tokens,
  type Unbound,
} from './state/session-state.ts'
import { createSessionStateStore } from './state/session-state-store.ts'
import {
  createSessionStorage,
  markOf,
  type SessionStorageOptions,
  type StoredSignIn,
} from './state/session-storage.ts'
import { withTimeLimit } from './time-limit.ts'

/** Options of {@link createSession}. `U` is the user in the server's replies. */
export interface SessionOptions<U> {
  /** `wx`, `Taro` or `uni`. */
  wx: SessionWx
  /**
   * Sends the code of wx.login to the server and returns its reply in this form. The calls that it starts before its
   * first `await` are sent without a token, also through the session itself.
   */
  exchange(code: string): Promise<SignedIn<U> | Unbound>
  /**
   * Gets new tokens for a refresh token. Without it, or without a refresh token, an expired access token leads to a
   * new wx.login. The same rule as for `exchange` holds for its call.
   */
  refresh?: ((refreshToken: string) => Promise<Tokens>) | undefined
  /**
   * Whether a failure means "sign in again": the server has rejected the access token, or the refresh token. It gets
   * what a call has thrown, or the reply of `session.request`. Default: the reason `unauthenticated`; without a
   * reason tRPC's code UNAUTHORIZED or the HTTP status 401.
   */
  isUnauthenticated?: ((failure: unknown) => boolean) | undefined
  /**
   * Whether a failure of `exchange` means "a fresh code": the server has rejected this one. Default: the reasons
   * `code_rejected` and `code_used`.
   */
  isCodeRejected?: ((failure: unknown) => boolean) | undefined
  /**
   * Whether two replies are about one user. A call is never repeated for another user. Default: they have the same
   * `id`; users without one are never the same, so a call is repeated after a `refresh`, not after a new wx.login.
   */
  isSameUser?: ((a: U, b: U) => boolean) | undefined
  /** Of the stored user. After an update with another version the user is fetched by a sign-in. */
  version?: string | number | undefined
  /** Whether a stored user has the form that the app expects. Default: any has. */
  isUser?: ((user: unknown) => boolean) | undefined
  /** Default `wx-session`. Each backend, and each environment with a server of its own, needs its own. */
  storageKey?: string | undefined
  /** Milliseconds after which wx.login, a call of storage, or `revoke` counts as failed. Default 10,000. */
  loginTimeout?: number | undefined
  /** Milliseconds after which `exchange`, `refresh`, or a call counts as failed. Default 60,000, as in WeChat. */
  requestTimeout?: number | undefined
  /** Milliseconds since 1970. Default Date.now. */
  now?: (() => number) | undefined
}

/**
 * The sign-in of a mini program: its state, the actions that change it, and the calls that have its token.
 */
export interface Session<U> {
  /** The current state; `starting` until the launch has finished. */
  readonly state: SessionState<U>
  /** Calls the listener with each later state. Returns the function that unsubscribes. */
  subscribe(listener: (state: SessionState<U>) => void): () => void
  /**
   * Calls the listener each time the session changes to `signedIn` (also when another user is signed in), `unbound`,
   * `signedOut` or `offline`. Returns the function that unsubscribes.
   */
  on: OnSessionEvent<U>
  /**
   * For App.onLaunch. Uses a stored sign-in without a request, or signs in through WeChat, unless
   * the person has signed out. Only the first call has an effect. Never rejects.
   */
  launch(): Promise<SessionState<U>>
  /**
   * For a tap of the person: signs in through WeChat with one wx.login. When signed in, it only tries a renewal that
   * waits after a failure; without one it has no effect. Never rejects.
   */
  signIn(): Promise<SessionState<U>>
  /** For the reply of binding or registering. Resolves when it is stored. @throws TypeError without an access token */
  accept(signedIn: Omit<SignedIn<U>, 'status'>): Promise<void>
  /**
   * For a changed profile. Resolves when it is stored. No effect when not signed in, nor for the profile of another user:
   * the reply to a call of who was signed in before may come late. Users without an `id` and without `isSameUser`
   * cannot be told apart, so theirs has an effect until the second sign-in of the run.
   */
  updateUser(user: U): Promise<void>
  /**
   * Changes to `signedOut` at once and stores that. Then calls `revoke`, which may end the session
   * at the server: the calls that it starts before its first `await` have the old token. A failure
   * of `revoke` is ignored. Resolves when `revoke` has finished, at the latest after `loginTimeout`.
   */
  signOut(revoke?: () => Promise<unknown>): Promise<void>
  /**
   * Makes a call of any kind: waits for the launch, calls `run` with the access token, and calls it once more with a
   * new token where the server has rejected the first. Rejects with a NotSignedInError without a token, and with what
   * `run` has thrown; a call is never repeated for another user.
   *
   * @example
   * ```ts
   * const order = await session.authorized((accessToken) => api.getOrder(42, { token: accessToken }))
   * ```
   */
  authorized: Authorized
  /**
   * `wx.request` with `authorization: Bearer …`. Resolves with the reply, whatever its status.
   *
   * @example
   * ```ts
   * const { data } = await session.request({ url: 'https://example.com/orders' })
   * ```
   */
  request(options: SessionRequestOptions): Promise<SessionReply>
}

/** With the defaults. */
type CompleteOptions<U> = SignInOptions<U> &
  SessionStorageOptions<U> & {
    wx: SessionWx
    isSameUser(a: U, b: U, isOnlyUser?: boolean): boolean
  }

/** Without an id nothing tells two users apart: only a profile, where no second user was signed in, is taken. */
const hasSameId = (a: unknown, b: unknown, isOnlyUser?: boolean): boolean => {
  const { id } = fieldsOf(a)
  return id === fieldsOf(b)['id'] && !!(id || isOnlyUser)
}

const defaults: Record<string, unknown> = {
  storageKey: 'wx-session',
  loginTimeout: 10_000,
  requestTimeout: 60_000,
  isUnauthenticated,
  isCodeRejected,
  isSameUser: hasSameId,
  isUser: () => true,
  exchange: null,
  refresh: null,
  now: () => Date.now(),
}

/**
 * Creates the session of a mini program: it signs in on launch, makes calls wait for that, renews a
 * rejected token once for all calls, and stores the sign-in for the next launch. Create one for the
 * whole app.
 *
 * @typeParam U the user in the server's replies
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/login.html
 *
 * @example
 * ```ts
 * import { createWxClient, wxLink } from '@mianmi/wx-link/client'
 * import { createSession } from '@mianmi/wx-session'
 * import { sessionLink } from '@mianmi/wx-session/trpc'
 *
 * const link = wxLink<AppRouter>({ url: 'https://example.com/trpc', request: wx.request })
 * const service = createWxClient<AppRouter>({ links: [link] })
 * const { appId } = wx.getAccountInfoSync().miniProgram
 *
 * export const session = createSession<User>({
 *   wx,
 *   exchange: (code) => service.miniLogin.mutate({ appId, code }),
 *   refresh: (refreshToken) => service.session.refresh.mutate({ refreshToken }),
 * })
 * export const api = createWxClient<AppRouter>({ links: [sessionLink(session), link] })
 *
 * App({ onLaunch: () => void session.launch() })
 * ```
 */
export const createSession = <U>(given: SessionOptions<U>): Session<U> => {
  const options = complete(given)
  const storage = createSessionStorage(options)
  const [, , settled, readMark] = storage
  const stateStore = createSessionStateStore(storage, options.isSameUser)
  const flow = createSignInFlow(stateStore, options)
  const [signIn, , , endPause] = flow
  const authorized = createAuthorized(stateStore, flow, options)
  const stored = async () => {
    await settled()
    return stateStore.state
  }
  return {
    get state() {
      return stateStore.state
    },
    subscribe: (listener) => stateStore.subscribe(listener),
    on: (event, listener) =>
      stateStore.subscribe(listener as (state: SessionState<U>) => void, event),
    async launch() {
      if (stateStore.state.status === 'starting') await signIn()
      return stored()
    },
    async signIn() {
      await signIn(true)
      return stored()
    },
    async accept({ tokens, user }) {
      if (!isTokens(tokens)) throw new TypeError('accept: no access token')
      endPause()
      stateStore.decide({ status: 'signedIn', user }, tokens)
      return settled()
    },
    async updateUser(user) {
      const { state, tokens, epoch, signIns } = stateStore
      const base = markOf(tokens)
      if (tokens && options.isSameUser((state as { user: U }).user, user, signIns < 2)) {
        stateStore.adopt({ status: 'signedIn', user }, tokens, true)
        // Another context may have renewed the tokens since; they stay.
        const [stored, mark] = await stateStore
          .read()
          .catch(() => [{ tokens: stateStore.tokens }, base] as const)
        const { tokens: newest, user: owner } = fieldsOf(stored) as Partial<StoredSignIn<U>>
        const isOwn = newest && (mark === base || options.isSameUser(user, owner as U))
        if (isOwn) stateStore.record(epoch, undefined, newest, mark)
      }
      return settled()
    },
    async signOut(revoke) {
      const { state, tokens } = stateStore
      // Before the launch has read the stored sign-in, its token is the mark of what is stored.
      const unread = revoke && state.status === 'starting' && readMark()
      stateStore.decide(signedOut)
      const token = markOf(tokens) || (await unread)
      if (revoke && isToken(token)) {
        const last = runWithToken(stateStore, token, revoke, options.loginTimeout)
        // A failure changes nothing: the phone has already deleted the tokens.
        await last.catch(ignore)
      }
      await settled()
    },
    authorized: (run, { timeout = options.requestTimeout } = {}) =>
      authorized((accessToken) => withTimeLimit(() => run(accessToken), timeout)),
    request: createRequest(authorized, options),
  }
}

const complete = <U>(given: SessionOptions<U>): CompleteOptions<U> => {
  // Not a copy: the app's own functions may be methods of a class, and are called on its object.
  const options: Record<string, unknown> = Object.create(given)
  for (const name in defaults) {
    const value = options[name] == null ? defaults[name] : options[name]
    options[name] =
      typeof value !== 'function'
        ? value
        : (...args: unknown[]) => {
            try {
              return value.apply(given, args)
            } catch (error) {
              // A check that does not expect what it gets says no.
              if (/^is/.test(name)) return false
              throw error
            }
          }
  }
  return options as unknown as CompleteOptions<U>
}
