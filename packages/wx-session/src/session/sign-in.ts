import type { CallScope } from './call-scope.ts'
import { callWx, type SessionWx, WxCallError } from './call-wx.ts'
import { type Ledger, singleFlight } from './ledger.ts'
import { isCodeRejected } from './server-error.ts'
import type { SignedIn, Tokens, Unbound } from './session-state.ts'

export interface SignInOptions<U> {
  wx: Pick<SessionWx, 'login'>
  exchange(code: string): Promise<SignedIn<U> | Unbound>
  refresh?: ((refreshToken: string) => Promise<Tokens>) | undefined
  isUnauthenticated(error: unknown): boolean
  /** Milliseconds. */
  limit: number
}

export interface SignIn {
  /** Signs in through WeChat. Never rejects: a failure is recorded as `offline`. */
  enter(): Promise<void>
  /**
   * Gets better tokens than the refused ones, unless there are some already. Rejects where
   * nobody can say whether the sign-in still holds; the sign-in stays then.
   */
  renew(refusedAccessToken: string): Promise<void>
}

export function createSignIn<U>(
  ledger: Ledger<U>,
  scope: CallScope,
  options: SignInOptions<U>,
): SignIn {
  const exchange = createExchange(ledger, scope, options)

  const enter = singleFlight(ledger, async (epoch) => {
    try {
      const answer = await exchange(epoch)
      if (answer) ledger.record(epoch, answer)
    } catch (error) {
      ledger.record(epoch, { status: 'offline', error })
    }
  })

  const refreshed = async (epoch: number): Promise<boolean> => {
    const held = ledger.tokens
    const { refresh } = options
    if (!refresh || !held) return false
    try {
      const tokens = await scope.within('public', () => refresh(held.refreshToken))
      const { state } = ledger
      if (state.status === 'signedIn') {
        ledger.record(epoch, { status: 'signedIn', tokens, user: state.user })
      }
      return true
    } catch (error) {
      if (options.isUnauthenticated(error)) return false
      throw error
    }
  }

  const renewOnce = singleFlight(ledger, async (epoch) => {
    if ((await refreshed(epoch)) || ledger.epoch !== epoch) return
    const answer = await exchange(epoch)
    if (answer) ledger.record(epoch, answer)
  })

  return {
    enter,
    async renew(refusedAccessToken) {
      if (ledger.tokens?.accessToken === refusedAccessToken) await renewOnce()
    },
  }
}

/** wx.login and the exchange of its code; null where a decision has overtaken it. */
function createExchange<U>(
  ledger: Ledger<U>,
  scope: CallScope,
  options: SignInOptions<U>,
): (epoch: number) => Promise<SignedIn<U> | Unbound | null> {
  const login = createLogin(options)
  const tryOnce = async (epoch: number) => {
    const code = await login()
    // Unused, the code is left to whoever asks in the new epoch and shares this wx.login.
    if (ledger.epoch !== epoch) return null
    return scope.within('public', () => options.exchange(code))
  }
  return async (epoch) => {
    try {
      return await tryOnce(epoch)
    } catch (error) {
      if (!isCodeRejected(error) || ledger.epoch !== epoch) throw error
      return tryOnce(epoch)
    }
  }
}

/** wx.login, never twice at once: WeChat allows it sparingly, and a second may spoil the first. */
function createLogin({ wx, limit }: SignInOptions<unknown>): () => Promise<string> {
  let running: Promise<string> | null = null
  const login = async () => {
    const call = { wx, api: 'login', limit } as const
    const { code } = await callWx(call, { timeout: limit })
    if (!code) throw new WxCallError('login', { errMsg: 'login:fail no code' })
    return code
  }
  return () => {
    if (!running) {
      const mine = login()
      running = mine
      const clear = () => {
        if (running === mine) running = null
      }
      mine.then(clear, clear)
    }
    return running
  }
}
