import type { TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { type CallScope, createCallScope } from './call-scope.ts'
import type { SessionWx } from './call-wx.ts'
import { isUnauthenticated as isUnauthenticatedByDefault } from './server-error.ts'
import { createSessionLink } from './session-link.ts'
import { createSignInFlow, type SignInFlow } from './sign-in.ts'
import { createSessionEvents, type OnSessionEvent } from './state/session-events.ts'
import type { SessionState, SignedIn, Tokens, Unbound } from './state/session-state.ts'
import {
  createSessionStateStore,
  type SessionStateStore,
  untilDecision,
} from './state/session-state-store.ts'
import { createSessionStorage, type SessionStorage } from './state/session-storage.ts'

export interface SessionOptions<U> {
  /** `wx`, `Taro` or `uni`. */
  wx: SessionWx
  /**
   * Sends the code of wx.login to the server. It must start its call before its first `await`, or
   * use a client without `session.link()`.
   */
  exchange(code: string): Promise<SignedIn<U> | Unbound>
  /**
   * Gets new tokens for a refresh token. Without it, an expired access token leads to a new
   * wx.login. The same rule as for `exchange` holds for its call.
   */
  refresh?: ((refreshToken: string) => Promise<Tokens>) | undefined
  /**
   * Whether an error means that the server has rejected the access token, or the refresh token.
   * Default: the reason `unauthenticated`, or tRPC's code UNAUTHORIZED without a reason.
   */
  isUnauthenticated?(error: unknown): boolean
  /** Default `wx-session`. */
  storageKey?: string
  /** Milliseconds after which wx.login, or a call of storage, counts as failed. Default 10,000. */
  loginTimeout?: number
  /** Milliseconds since 1970. Default Date.now. */
  now?(): number
}

export interface Session<U> {
  readonly state: SessionState<U>
  /** Calls the listener with each later state. Returns the function that unsubscribes. */
  subscribe(listener: (state: SessionState<U>) => void): () => void
  /**
   * Calls the listener each time the session changes to `signedIn`, `unbound`, `signedOut` or
   * `offline`. Returns the function that unsubscribes.
   */
  on: OnSessionEvent<U>
  /**
   * For App.onLaunch. Uses a stored sign-in without a request, or signs in through WeChat, unless
   * the person has signed out. Only the first call has an effect. Never rejects.
   */
  launch(): Promise<SessionState<U>>
  /** Signs in through WeChat with one wx.login. No effect when signed in. Never rejects. */
  signIn(): Promise<SessionState<U>>
  /** For the reply of binding or registering. Resolves when it is stored. */
  accept(signedIn: Omit<SignedIn<U>, 'status'>): Promise<void>
  /** For a changed profile. Resolves when it is stored. No effect when not signed in. */
  updateUser(user: U): Promise<void>
  /**
   * Changes to `signedOut` at once and stores that. Then calls `revoke`, which may end the session
   * at the server: the calls that it starts before its first `await` have the old token. A failure
   * of `revoke` is ignored. Resolves when `revoke` has finished.
   */
  signOut(revoke?: () => Promise<unknown>): Promise<void>
  /** A tRPC link for the place before the terminating link. Calls with `context: { public: true }` pass unchanged. */
  link(): TRPCLink<AnyRouter>
}

interface SessionParts<U> {
  stateStore: SessionStateStore<U>
  storage: SessionStorage<U>
  scope: CallScope
  signInFlow: SignInFlow
  isUnauthenticated(error: unknown): boolean
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
 * export const api = createWxClient<AppRouter>({ links: [session.link(), link] })
 *
 * App({ onLaunch: () => void session.launch() })
 * ```
 */
export function createSession<U>(options: SessionOptions<U>): Session<U> {
  const parts = createParts(options)
  const { stateStore, scope, signInFlow, storage } = parts
  const { launch, restoreOnce } = createLaunch(parts, options)
  const stored = async () => {
    await storage.settled()
    return stateStore.state
  }
  return {
    get state() {
      return stateStore.state
    },
    subscribe: stateStore.subscribe,
    on: createSessionEvents(stateStore),
    launch: () => launch().then(stored),
    async signIn() {
      const { epoch } = stateStore
      await untilDecision(stateStore, restoreOnce())
      const isCurrent = stateStore.epoch === epoch
      if (isCurrent && stateStore.state.status !== 'signedIn') await signInFlow.run()
      return stored()
    },
    accept({ tokens, user }) {
      stateStore.decide({ status: 'signedIn', tokens, user })
      return storage.settled()
    },
    updateUser(user) {
      stateStore.updateUser(user)
      return storage.settled()
    },
    async signOut(revoke) {
      const { tokens } = stateStore
      stateStore.decide({ status: 'signedOut' })
      if (revoke && tokens) await ignoreFailure(() => scope.within({ tokens }, revoke))
      await storage.settled()
    },
    link: () => createSessionLink(parts, () => waitForSignIn(parts, launch)),
  }
}

function createParts<U>(options: SessionOptions<U>): SessionParts<U> {
  const { wx, storageKey = 'wx-session', loginTimeout: timeout = 10_000 } = options
  const isUnauthenticated = options.isUnauthenticated ?? isUnauthenticatedByDefault
  const storage = createSessionStorage<U>({ wx, key: storageKey, timeout })
  const stateStore = createSessionStateStore<U>(storage.write)
  const scope = createCallScope()
  const { exchange, refresh } = options
  const signInFlow = createSignInFlow(stateStore, scope, {
    wx,
    exchange,
    refresh,
    isUnauthenticated,
    timeout,
  })
  return { stateStore, storage, scope, signInFlow, isUnauthenticated }
}

/** Each of the two functions does its work once, however often it is called. */
function createLaunch<U>(
  { stateStore, storage, signInFlow }: SessionParts<U>,
  options: SessionOptions<U>,
) {
  let restored: Promise<void> | null = null
  let launched: Promise<void> | null = null
  const restore = async () => {
    const stored = await storage.read()
    if (!stored) return
    if ('signedOut' in stored) stateStore.restore({ status: 'signedOut' })
    else if (isUsable(stored.tokens, options)) {
      stateStore.restore({ status: 'signedIn', tokens: stored.tokens, user: stored.user })
    }
  }
  const restoreOnce = () => {
    restored ??= restore()
    return restored
  }
  const begin = async () => {
    await restoreOnce()
    if (stateStore.state.status === 'starting') await signInFlow.run()
  }
  const launch = () => {
    launched ??= untilDecision(stateStore, begin())
    return launched
  }
  return { restoreOnce, launch }
}

/** Whether stored tokens may still be valid. The server decides: the phone's clock may be wrong. */
function isUsable(tokens: Tokens, { refresh, now = Date.now }: SessionOptions<unknown>): boolean {
  const expiresAt = refresh ? tokens.refreshTokenExpiresAt : tokens.accessTokenExpiresAt
  return Date.parse(expiresAt) > now()
}

/** Before a call: the launch; or, after a failed sign-in, a new one. */
async function waitForSignIn(
  { stateStore, signInFlow }: SessionParts<unknown>,
  launch: () => Promise<void>,
): Promise<void> {
  const { status } = stateStore.state
  if (status === 'starting') await launch()
  // Only the calls that waited for it get the error of the failed sign-in.
  if (status === 'offline') await signInFlow.run()
}

async function ignoreFailure(run: () => Promise<unknown>): Promise<void> {
  try {
    await run()
  } catch {
    // The phone has already deleted the tokens.
  }
}
