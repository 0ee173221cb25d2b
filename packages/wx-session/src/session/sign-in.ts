import type { CallScope } from './call-scope.ts'
import { callWx, type SessionWx, WxCallError } from './call-wx.ts'
import { retryDelay } from './failures.ts'
import { isTokens, type SignedIn, type Tokens, type Unbound } from './state/session-state.ts'
import { type SessionStateStore, singleFlight } from './state/session-state-store.ts'
import type { SessionStorage } from './state/session-storage.ts'
import { withTimeLimit } from './time-limit.ts'

export interface SignInOptions<U> {
  wx: Pick<SessionWx, 'login'>
  exchange(code: string): Promise<SignedIn<U> | Unbound>
  refresh?: ((refreshToken: string) => Promise<Tokens>) | undefined
  isUnauthenticated(failure: unknown): boolean
  isCodeRejected(failure: unknown): boolean
  /** Milliseconds for wx.login. */
  loginTimeout: number
  /** Milliseconds for `exchange` and `refresh`. */
  requestTimeout: number
  now(): number
}

export interface SignInFlow {
  /**
   * Signs in through WeChat. Never rejects: a failure is recorded as `offline`.
   *
   * @param isTap the person has asked for it, which overrides a sign-out and the wait after a failure
   */
  run(isTap: boolean): Promise<void>
  /** Adopts a sign-in that another context has stored. Never rejects. */
  adopt(): Promise<void>
  /**
   * Replaces the rejected tokens, unless that has already happened. Rejects when neither the
   * refresh nor the sign-in got an answer from the server; the session then stays signed in.
   */
  renew(rejectedAccessToken: string): Promise<void>
}

/** What a sign-in works on. */
export interface SignInParts<U> {
  stateStore: SessionStateStore<U>
  storage: SessionStorage<U>
  scope: CallScope
}

export function createSignInFlow<U>(parts: SignInParts<U>, options: SignInOptions<U>): SignInFlow {
  const { stateStore, scope } = parts
  const { now } = options
  const taps = createTaps()
  const pause = createPause(now)
  const { obeyStored, adoptStored } = createStorageSync(parts, taps, options)
  const exchangeCode = createCodeExchange(stateStore, scope, options)
  let renewing: Promise<void> | null = null
  let isEnding = false

  const signIn = async (epoch: number) => {
    const reply = await exchangeCode(epoch)
    // The person may meanwhile have signed out in another context.
    if (reply && (await obeyStored(epoch)) !== undefined) stateStore.record(epoch, reply)
  }

  const runOnce = singleFlight(stateStore, async (epoch) => {
    try {
      if (!(await adoptStored(epoch))) await signIn(epoch)
      pause.end()
    } catch (error) {
      pause.begin(error, Number.POSITIVE_INFINITY)
      isEnding = stateStore.epoch === epoch
      stateStore.record(epoch, { status: 'offline', error })
    }
    taps.end(epoch)
  })
  /** Shares the run in progress. */
  const runShared = async () => {
    await runOnce()
    isEnding = false
  }

  const renewTokens = singleFlight(stateStore, async (epoch) => {
    const rejected = stateStore.tokens
    await adoptStored(epoch)
    const { tokens } = stateStore
    // Another context has renewed the token, unless what it has stored is older than what was rejected.
    const ends = toMilliseconds(tokens?.accessTokenExpiresAt)
    const isRenewed = ends > now() && ends > toMilliseconds(rejected?.accessTokenExpiresAt)
    if (stateStore.epoch !== epoch || isRenewed) return
    const renewed = await refreshTokens(parts, options)
    if (stateStore.epoch !== epoch) return
    if (!renewed) return signIn(epoch)
    const isOver = await obeyStored(epoch).then(
      (stored) => stored === undefined,
      () => false,
    )
    const { state } = stateStore
    if (isOver || state.status !== 'signedIn') return
    stateStore.record(epoch, { status: 'signedIn', tokens: renewed, user: state.user })
  })

  const adopt = singleFlight(stateStore, async (epoch) => {
    await adoptStored(epoch).catch(() => undefined)
  })

  return {
    adopt,
    async run(isTap) {
      // A listener of the failure may ask at once: that is a new sign-in, not the one that has just failed.
      if (isEnding) await runShared()
      if (stateStore.state.status === 'signedIn') return
      if (isTap) taps.begin(stateStore.epoch)
      await (!isTap && pause.error() ? adopt() : runShared())
    },
    async renew(rejectedAccessToken) {
      // While a renewal runs, the tokens may be ones that another context has stored and that have expired too.
      const isKnown = renewing || stateStore.tokens?.accessToken === rejectedAccessToken
      if (!isKnown) return
      const paused = pause.error()
      if (paused) throw paused.error
      const run = renewTokens()
      renewing = run
      try {
        await run
        pause.end()
      } catch (error) {
        // Signed in, a call is the only thing that the person can do: it asks the server again after a minute.
        pause.begin(error, 60_000)
        throw error
      } finally {
        if (renewing === run) renewing = null
      }
    },
  }
}

/** The time after a failure in which nothing is tried without the person. */
function createPause(now: () => number) {
  let failures = 0
  let current: { since: number; length: number; error: unknown } | null = null
  return {
    begin(error: unknown, longest: number) {
      if (current?.error === error) return
      failures += 1
      current = { since: now(), length: Math.min(retryDelay(error, failures), longest), error }
    },
    end() {
      failures = 0
      current = null
    },
    /** Null when it is over. A clock that was set back ends it. */
    error(): { error: unknown } | null {
      const passed = now() - (current?.since ?? 0)
      return current && passed >= 0 && passed < current.length ? current : null
    },
  }
}

/** The epoch in which the person has asked for a sign-in that has not ended. */
function createTaps() {
  let current = -1
  return {
    begin(epoch: number) {
      current = epoch
    },
    end(epoch: number) {
      if (current === epoch) current = -1
    },
    has: (epoch: number) => current === epoch,
  }
}

/** Storage is the truth between contexts: what another one has stored is obeyed or adopted. */
function createStorageSync<U>(
  { stateStore, storage }: SignInParts<U>,
  taps: ReturnType<typeof createTaps>,
  options: SignInOptions<U>,
) {
  /**
   * Obeys a sign-out, unless the person has asked to sign in. Returns what is stored; undefined when nothing is left
   * to do.
   */
  const obeyStored = async (epoch: number) => {
    const stored = await storage.read().catch((error: unknown) => {
      if (taps.has(epoch)) return null
      throw error
    })
    if (stateStore.epoch !== epoch) return undefined
    if (!stored || !('signedOut' in stored)) return stored
    if (taps.has(epoch)) return null
    stateStore.adopt({ status: 'signedOut' })
    return undefined
  }
  /** Returns whether there is nothing left to do. */
  const adoptStored = async (epoch: number): Promise<boolean> => {
    const stored = await obeyStored(epoch)
    if (!stored) return stored === undefined
    const { tokens, user } = stored
    const isKnown = tokens.accessToken === stateStore.tokens?.accessToken
    if (isKnown || !isUsable(tokens, options)) return false
    stateStore.adopt({ status: 'signedIn', tokens, user })
    return true
  }
  return { obeyStored, adoptStored }
}

/** Null when there is no refresh, or the server has rejected it or replied without a token. */
async function refreshTokens<U>(
  { stateStore, scope }: SignInParts<U>,
  { refresh, requestTimeout, isUnauthenticated }: SignInOptions<U>,
): Promise<Tokens | null> {
  const { tokens } = stateStore
  const token = tokens?.refreshToken
  if (!refresh || !token) return null
  try {
    const start = async () => scope.within('public', () => refresh(token))
    const renewed = await withTimeLimit(start(), requestTimeout)
    // A backend may keep the refresh token and send a new access token only.
    return isTokens(renewed) ? Object.assign({}, tokens, renewed) : null
  } catch (error) {
    if (isUnauthenticated(error)) return null
    throw error
  }
}

/** wx.login and the exchange of its code; null when a decision was made meanwhile. */
function createCodeExchange<U>(
  stateStore: SessionStateStore<U>,
  scope: CallScope,
  options: SignInOptions<U>,
): (epoch: number) => Promise<SignedIn<U> | Unbound | null> {
  const login = createLogin(options)
  const tryOnce = async (epoch: number) => {
    const code = await login()
    // Not used here: a sign-in of the new epoch may share this wx.login and use its code.
    if (stateStore.epoch !== epoch) return null
    const start = async () => scope.within('public', () => options.exchange(code))
    const reply = await withTimeLimit(start(), options.requestTimeout)
    if (reply?.status === 'unbound' || (reply?.status === 'signedIn' && isTokens(reply.tokens)))
      return reply
    throw new TypeError('exchange has returned neither a sign-in nor an unbound identity')
  }
  return async (epoch) => {
    try {
      return await tryOnce(epoch)
    } catch (error) {
      if (!options.isCodeRejected(error) || stateStore.epoch !== epoch) throw error
      return tryOnce(epoch)
    }
  }
}

/** WeChat's limit of wx.login for one person. */
const loginsPerSecond = 4

/** wx.login, never twice at once: WeChat limits its rate, and a second code may make the first one invalid. */
function createLogin({
  wx,
  loginTimeout: timeout,
  now,
}: SignInOptions<unknown>): () => Promise<string> {
  let running: Promise<string> | null = null
  const times: number[] = []
  const login = async () => {
    const at = now()
    const oldest = times[times.length - loginsPerSecond]
    if (oldest !== undefined && Math.abs(at - oldest) < 1000) {
      throw new WxCallError('login', { errMsg: 'login:fail too frequent' })
    }
    times.splice(0, times.length - loginsPerSecond + 1)
    times.push(at)
    const reply = await callWx({ wx, api: 'login', timeout }, { timeout })
    if (!reply?.code) throw new WxCallError('login', { errMsg: 'login:fail no code' })
    return reply.code
  }
  return () => {
    if (running) return running
    const clear = () => {
      running = null
    }
    running = login()
    running.then(clear, clear)
    return running
  }
}

/** Whether stored tokens may still be valid. The server decides: the phone's clock may be wrong. */
function isUsable(
  tokens: Tokens,
  { refresh, now }: Pick<SignInOptions<unknown>, 'refresh' | 'now'>,
): boolean {
  const { refreshToken, refreshTokenExpiresAt, accessTokenExpiresAt } = tokens
  const time = refresh && refreshToken ? refreshTokenExpiresAt : accessTokenExpiresAt
  return time === undefined || toMilliseconds(time) > now()
}

/** NaN, which is later than nothing, where it is not known. */
function toMilliseconds(time: string | number | undefined): number {
  return typeof time === 'string' ? Date.parse(time) : (time ?? Number.NaN)
}
