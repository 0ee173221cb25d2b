import { type CallScope, runInMode } from '../call-scope.ts'
import { callWx, type SessionWx, WxCallError } from '../call-wx.ts'
import { isTokens, type SignedIn, type Unbound } from '../state/session-state.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'

export interface CodeExchangeOptions<U> extends LoginOptions {
  exchange(code: string): Promise<SignedIn<U> | Unbound>
  isCodeRejected(failure: unknown): boolean
  /** Milliseconds for `exchange`. */
  requestTimeout: number
}

interface LoginOptions {
  wx: Pick<SessionWx, 'login'>
  /** Milliseconds for wx.login. */
  loginTimeout: number
  now(): number
}

/** wx.login and the exchange of its code; null when a decision was made meanwhile. */
export function createCodeExchange<U>(
  { stateStore, scope }: { stateStore: SessionStateStore<U>; scope: CallScope },
  options: CodeExchangeOptions<U>,
): (epoch: number) => Promise<SignedIn<U> | Unbound | null> {
  const login = createLogin(options)
  const tryOnce = async (epoch: number) => {
    const code = await login()
    // Not used here: a sign-in of the new epoch may share this wx.login and use its code.
    if (stateStore.epoch !== epoch) return null
    const exchange = [() => options.exchange(code), options.requestTimeout] as const
    const reply = await runInMode(scope, 'public', exchange)
    if (reply?.status === 'unbound' || (reply?.status === 'signedIn' && isTokens(reply.tokens)))
      return reply
    throw new TypeError('exchange: neither signedIn nor unbound')
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
function createLogin({ wx, loginTimeout: timeout, now }: LoginOptions): () => Promise<string> {
  let running: Promise<string> | null = null
  /** Of the last ones, newest first. */
  const times: number[] = []
  const login = async () => {
    const at = now()
    const oldest = times[loginsPerSecond - 1]
    if (oldest !== undefined && Math.abs(at - oldest) < 1000) {
      throw new WxCallError('login', { errMsg: 'login:fail too frequent' })
    }
    times.unshift(at)
    times.length = Math.min(times.length, loginsPerSecond)
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
