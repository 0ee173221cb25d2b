import { callWx, type SessionWx, WxCallError } from '../call-wx.ts'
import { fieldsOf, ignore } from '../fields.ts'
import {
  isTokens,
  type SessionState,
  type SignedIn,
  type Tokens,
  type Unbound,
} from '../state/session-state.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'
import { singleFlight } from '../state/single-flight.ts'

export interface CodeExchangeOptions<U> extends LoginOptions {
  exchange(code: string): Promise<SignedIn<U> | Unbound>
  isCodeRejected(failure: unknown): boolean
}

/** Makes a call of the sign-in itself: without a token, and within a time limit. */
export type Ask = <T>(run: () => Promise<T>) => Promise<T>

interface LoginOptions {
  wx: Pick<SessionWx, 'login' | 'onNetworkStatusChange'>
  /** Milliseconds for wx.login. */
  loginTimeout: number
  now(): number
}

/** WeChat's limit of wx.login for one person. */
const loginsPerSecond = 4

/**
 * Without a tap: 60 an hour, whatever the server replies. WeChat allows twice the page views of a day, and a server
 * may accept and end each new session, for example where two phones end each other's.
 */
const silentLogins = 10
/** Milliseconds. */
const silentTime = 600_000

/** What the server has replied: a state, with tokens where somebody is signed in. */
export type ExchangeReply<U> = readonly [state?: SessionState<U>, tokens?: Tokens]

/** wx.login and the exchange of its code; empty when a decision was made meanwhile. */
export const createCodeExchange = <U>(
  stateStore: SessionStateStore<U>,
  ask: Ask,
  options: CodeExchangeOptions<U>,
): ((epoch: number) => Promise<ExchangeReply<U>>) => {
  const { wx, loginTimeout: timeout, now } = options
  /** Of the last calls of wx.login, the latest first. */
  let times: number[] = []
  // Never twice at once: WeChat limits its rate, and a second code may make the first one invalid. Epochs share it.
  const [login] = singleFlight({ onEpoch: ignore }, async () => {
    const at = now()
    // A clock that was set back does not count.
    const isWithin = (count: number, time: number) =>
      Math.abs(at - (times[count - 1] as number)) < time
    if (isWithin(loginsPerSecond, 1000) || (!stateStore.tap && isWithin(silentLogins, silentTime)))
      throw new WxCallError('login', { message: 'too frequent' })
    times = [at, ...times.slice(0, silentLogins - 1)]
    const { code } = fieldsOf(await callWx(wx, timeout, 'login', { timeout }))
    if (!code) throw new WxCallError('login', { message: 'no code' })
    return code as string
  })
  const tryOnce = async (epoch: number): Promise<ExchangeReply<U>> => {
    const code = await login()
    // Not used here: a sign-in of the new epoch may share this wx.login and use its code.
    if (stateStore.epoch !== epoch) return []
    const { status, tokens, user, ticket, ticketExpiresAt } = fieldsOf(
      await ask(() => options.exchange(code)),
    )
    if (status === 'unbound' && ticket) return [{ status, ticket, ticketExpiresAt } as Unbound]
    if (status === 'signedIn' && isTokens(tokens)) return [{ status, user: user as U }, tokens]
    throw new TypeError('exchange: not signedIn, not unbound')
  }
  return (epoch) =>
    tryOnce(epoch).catch((error: unknown) => {
      if (!options.isCodeRejected(error) || stateStore.epoch !== epoch) throw error
      return tryOnce(epoch)
    })
}
