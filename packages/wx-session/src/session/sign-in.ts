import type { CallScope } from './call-scope.ts'
import { callWx, type SessionWx, WxCallError } from './call-wx.ts'
import { isCodeRejected } from './server-error.ts'
import type { SignedIn, Tokens, Unbound } from './state/session-state.ts'
import { type SessionStateStore, singleFlight } from './state/session-state-store.ts'

export interface SignInOptions<U> {
  wx: Pick<SessionWx, 'login'>
  exchange(code: string): Promise<SignedIn<U> | Unbound>
  refresh?: ((refreshToken: string) => Promise<Tokens>) | undefined
  isUnauthenticated(error: unknown): boolean
  /** Milliseconds for wx.login. */
  timeout: number
}

export interface SignInFlow {
  /** Signs in through WeChat. Never rejects: a failure is recorded as `offline`. */
  run(): Promise<void>
  /**
   * Replaces the rejected tokens, unless that has already happened. Rejects when neither the
   * refresh nor the sign-in got an answer from the server; the session then stays signed in.
   */
  renew(rejectedAccessToken: string): Promise<void>
}

export function createSignInFlow<U>(
  stateStore: SessionStateStore<U>,
  scope: CallScope,
  options: SignInOptions<U>,
): SignInFlow {
  const exchangeCode = createCodeExchange(stateStore, scope, options)

  const run = singleFlight(stateStore, async (epoch) => {
    try {
      const reply = await exchangeCode(epoch)
      if (reply) stateStore.record(epoch, reply)
    } catch (error) {
      stateStore.record(epoch, { status: 'offline', error })
    }
  })

  /** False when there is no refresh, or the server has rejected it. */
  const tryRefresh = async (epoch: number): Promise<boolean> => {
    const current = stateStore.tokens
    const { refresh } = options
    if (!refresh || !current) return false
    try {
      const tokens = await scope.within('public', () => refresh(current.refreshToken))
      const { state } = stateStore
      if (state.status === 'signedIn') {
        stateStore.record(epoch, { status: 'signedIn', tokens, user: state.user })
      }
      return true
    } catch (error) {
      if (options.isUnauthenticated(error)) return false
      throw error
    }
  }

  const renewTokens = singleFlight(stateStore, async (epoch) => {
    if ((await tryRefresh(epoch)) || stateStore.epoch !== epoch) return
    const reply = await exchangeCode(epoch)
    if (reply) stateStore.record(epoch, reply)
  })

  return {
    run,
    async renew(rejectedAccessToken) {
      if (stateStore.tokens?.accessToken === rejectedAccessToken) await renewTokens()
    },
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
    return scope.within('public', () => options.exchange(code))
  }
  return async (epoch) => {
    try {
      return await tryOnce(epoch)
    } catch (error) {
      if (!isCodeRejected(error) || stateStore.epoch !== epoch) throw error
      return tryOnce(epoch)
    }
  }
}

/** wx.login, never twice at once: WeChat limits its rate, and a second code may make the first one invalid. */
function createLogin({ wx, timeout }: SignInOptions<unknown>): () => Promise<string> {
  let running: Promise<string> | null = null
  const login = async () => {
    const call = { wx, api: 'login', timeout } as const
    const { code } = await callWx(call, { timeout })
    if (!code) throw new WxCallError('login', { errMsg: 'login:fail no code' })
    return code
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
