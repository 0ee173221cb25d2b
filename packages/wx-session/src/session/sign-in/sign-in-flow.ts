import { runWithToken } from '../call-scope.ts'
import { fieldsOf, ignore } from '../fields.ts'
import type { Tokens } from '../state/session-state.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'
import { type Mark, markOf } from '../state/session-storage.ts'
import { singleFlight } from '../state/single-flight.ts'
import { type Ask, type CodeExchangeOptions, createCodeExchange } from './code-exchange.ts'
import { createPause } from './pause.ts'
import { type RefreshOptions, refreshTokens } from './refresh-tokens.ts'
import { createAdoptStored, toMilliseconds } from './stored-sign-in.ts'

export type SignInOptions<U> = CodeExchangeOptions<U> &
  RefreshOptions & {
    /** Milliseconds for `exchange` and `refresh`. */
    requestTimeout: number
  }

/** The pause after a renewed token that was rejected is about a minute, then longer: a third token is no better. */
const refusedLeast = 7

export type SignInFlow = readonly [
  /**
   * Signs in through WeChat. Where the person has signed out, has no account, or has to wait after a failure, it only
   * adopts a sign-in that another context has stored. Never rejects: a failure is recorded as `offline`.
   *
   * @param isTap the person has asked for it, which overrides all of that
   */
  signIn: (isTap?: boolean) => Promise<void>,
  /**
   * Replaces the rejected tokens, unless that has already happened. Rejects when neither the
   * refresh nor the sign-in got an answer from the server; the session then stays signed in.
   *
   * @param rejection what the call has thrown; thrown again in the pause after renewed tokens that were rejected too
   */
  renew: (rejectedAccessToken: string, rejection: unknown) => Promise<void>,
  /** Notes that a call is sent with a renewed token; what it returns says that the server has accepted the token. */
  sent: () => () => void,
  /** The server has rejected a renewed token too: a pause begins. */
  refused: (renewedAccessToken: string, rejection: unknown) => void,
  endPause: () => void,
]

export const createSignInFlow = <U>(
  stateStore: SessionStateStore<U>,
  options: SignInOptions<U>,
): SignInFlow => {
  const [beginPause, endPause, currentPause] = createPause(stateStore, options)
  const ask: Ask = (run) => runWithToken(stateStore, '', [run, options.requestTimeout])
  const exchangeCode = createCodeExchange(stateStore, ask, options)
  const adopt = createAdoptStored(stateStore, options)
  /** The last renewed token that was rejected too. */
  let refusedToken = ''

  const signIn = async (epoch: number, forget: () => void, base: Mark | undefined) => {
    const reply = await exchangeCode(epoch)
    if (!reply) return
    // What another context has stored meanwhile is newer than this reply.
    const [isAdopted, mark] = await adopt(epoch, base)
    if (isAdopted) return
    const [state, newTokens] = reply
    // The server may reject the token of a call that a listener makes: then a renewal starts.
    if (newTokens) forget()
    stateStore.record(epoch, state, newTokens, mark)
  }

  const renewTokens = async (epoch: number, forget: () => void) => {
    const rejected = stateStore.tokens
    const [, base] = await adopt(epoch, markOf(rejected))
    const { tokens } = stateStore
    // Another context has renewed the token, unless what it has stored has expired like what was rejected.
    const ends = accessTokenEnd(tokens)
    const isRenewed = ends > options.now() && ends > accessTokenEnd(rejected)
    if (stateStore.epoch !== epoch || !tokens || isRenewed) return
    const renewed = await refreshTokens(ask, tokens, options)
    // Another context may have renewed the same tokens: its refresh is why the server has rejected this one.
    const [isAdopted, mark = base] = await adopt(epoch, base).catch((error: unknown) => {
      if (renewed) return []
      throw error
    })
    if (isAdopted) return
    if (!renewed) return signIn(epoch, forget, mark)
    stateStore.record(epoch, stateStore.state, renewed, mark)
  }

  /** Signs in; renews the tokens of a person who is signed in. */
  const signInOrRenew = async (epoch: number, forget: () => void) => {
    const isRenewal = stateStore.tokens !== undefined
    try {
      if (isRenewal) return await renewTokens(epoch, forget)
      const [isAdopted, base] = await adopt(epoch)
      if (!isAdopted) await signIn(epoch, forget, base)
      // A renewal ends no pause: whether it was one is known when its token is used.
      if (stateStore.epoch === epoch) endPause()
    } catch (error) {
      forget()
      if (stateStore.epoch === epoch) beginPause(error, isRenewal ? 'signedIn' : 'offline')
      if (isRenewal) throw error
      // Signed in: by another context, whose sign-in was adopted meanwhile.
      if (!stateStore.tokens) stateStore.record(epoch, { status: 'offline', error })
    }
  }
  const [signInOnce, isSigningIn] = singleFlight(stateStore, signInOrRenew, () => {
    stateStore.tapEpoch = -1
  })
  const [adoptOnce] = singleFlight(stateStore, (epoch) => adopt(epoch).then(ignore, ignore))

  const run = async (isTap?: boolean) => {
    const { status } = stateStore.state
    const isSignedIn = status === 'signedIn'
    // Signed in, a tap ends a pause of the renewals.
    if (isSignedIn && !(isTap && currentPause())) return
    const { epoch } = stateStore
    const tap = () => {
      stateStore.tapEpoch = epoch
      return signInOnce().then(() => isSignedIn && endPause(), ignore)
    }
    const isDue = status === 'starting' || (status === 'offline' && !currentPause())
    if (!isTap) return isDue ? signInOnce() : adoptOnce()
    // Signed in, the person does not ask to undo a sign-out of another context.
    stateStore.tapMark = isSignedIn
      ? Promise.resolve('')
      : stateStore.read().then(([, mark]) => mark, ignore as () => undefined)
    await tap()
    // A silent sign-in that ran already had obeyed a sign-out from before the tap.
    if (stateStore.epoch === epoch && stateStore.state.status === 'signedOut') await tap()
  }
  const renew = async (rejectedAccessToken: string, rejection: unknown) => {
    // While a renewal runs, the tokens may be ones that another context has stored and that have expired too.
    const isCurrent = () => fieldsOf(stateStore.tokens)['accessToken'] === rejectedAccessToken
    const isRunning = isSigningIn()
    if (!isRunning && !isCurrent()) return
    const paused = currentPause()
    if (paused) throw refusedToken === rejectedAccessToken ? rejection : paused.error
    await signInOnce()
    // It was a sign-in that began before the tokens of another context were adopted.
    if (isRunning && isCurrent()) await signInOnce()
  }
  const refused = (renewedAccessToken: string, rejection: unknown) => {
    // Once for all calls.
    if (refusedToken === renewedAccessToken) return
    refusedToken = renewedAccessToken
    beginPause(rejection, 'signedIn', refusedLeast)
  }
  const sent = () => {
    const at = options.now()
    return () => endPause(at)
  }
  return [run, renew, sent, refused, endPause]
}

const accessTokenEnd = (tokens: Tokens | undefined): number =>
  toMilliseconds((fieldsOf(tokens) as Partial<Tokens>).accessTokenExpiresAt)
