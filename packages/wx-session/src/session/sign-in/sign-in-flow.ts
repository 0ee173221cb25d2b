import { runWithToken } from '../call-scope.ts'
import { ignore } from '../fields.ts'
import { signedOut, type Tokens } from '../state/session-state.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'
import { markOf } from '../state/session-storage.ts'
import { singleFlight } from '../state/single-flight.ts'
import { type Ask, type CodeExchangeOptions, createCodeExchange } from './code-exchange.ts'
import { createPause } from './pause.ts'
import { type RefreshOptions, refreshTokens } from './refresh-tokens.ts'
import { createFollow, toMilliseconds } from './stored-sign-in.ts'

export type SignInOptions<U> = CodeExchangeOptions<U> &
  RefreshOptions & {
    /** Milliseconds for `exchange` and `refresh`. */
    requestTimeout: number
  }

/** Milliseconds: where tokens have no times, one that another context has stored is taken to live as long. */
const leastLife = 60_000

/**
 * Milliseconds: the least pause after the second renewed token in a row that was rejected. The next one is no better; after
 * one it may be, where another context has ended that one by its own renewal.
 */
const refusedLeast = 64_000

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
  /** The server has rejected a renewed token too: a pause begins. */
  refused: (renewedAccessToken: string, rejection: unknown) => void,
  /** @param sentAt of a call whose renewed token the server has accepted; default: a decision ends any pause */
  endPause: (sentAt?: number) => void,
]

export const createSignInFlow = <U>(
  stateStore: SessionStateStore<U>,
  options: SignInOptions<U>,
): SignInFlow => {
  const [beginPause, endPause, currentPause] = createPause(stateStore, options)
  const ask: Ask = (run) => runWithToken(stateStore, '', run, options.requestTimeout)
  const exchangeCode = createCodeExchange(stateStore, ask, options)
  const follow = createFollow(stateStore, options)
  /** The last token that this context has got itself; '' after the server has rejected it. */
  let ownToken = ''
  /** The last of these that was rejected. */
  let refusedToken = ''

  /** Signs in; renews the tokens of a person who is signed in. */
  const signInOrRenew = async (epoch: number, forget: () => void) => {
    const rejected = stateStore.tokens
    const [adopt, record] = follow(epoch, rejected && markOf(rejected))
    try {
      let isDone = await adopt()
      let renewed: Awaited<ReturnType<typeof refreshTokens>>
      if (rejected) {
        const tokens = stateStore.tokens as Tokens
        isDone =
          stateStore.epoch !== epoch ||
          // Another context has renewed the token, unless what it has stored has expired like what was rejected.
          (isDone &&
            (accessTokenEnd(tokens) || Number(isDone) + leastLife) >
              Math.max(options.now(), accessTokenEnd(rejected) || 0))
        renewed = !isDone && (await refreshTokens(ask, tokens, options))
        // Another context may have renewed the same tokens: its refresh is why the server has rejected this one.
        if (!(isDone || renewed)) isDone = await adopt()
      }
      if (!isDone) {
        const [state, newTokens] = renewed ? [undefined, renewed] : await exchangeCode(epoch)
        // What another context has stored meanwhile is newer. Renewed tokens are kept also where storage cannot be read.
        const isAdopted = await adopt().catch((error: unknown) => {
          if (!renewed) throw error
        })
        if (!isAdopted) {
          // First, because the server may reject the token of a call that a listener makes: then a renewal starts.
          if (newTokens) forget()
          ownToken = markOf(newTokens)
          record(state, newTokens)
        }
      }
      // A renewal ends no pause: whether it was one is known when its token is used.
      if (!rejected && stateStore.epoch === epoch) endPause()
    } catch (error) {
      forget()
      if (stateStore.epoch === epoch) beginPause(error, !!rejected)
      if (rejected) throw error
      // Signed in: by another context, whose sign-in was adopted meanwhile.
      if (!stateStore.tokens) stateStore.record(epoch, { status: 'offline', error })
    }
  }
  const [signInOnce, isSigningIn] = singleFlight(stateStore, signInOrRenew, () => {
    stateStore.tap = undefined
  })
  const [adoptOnce] = singleFlight(stateStore, (epoch) => follow(epoch)[0]().then(ignore, ignore))

  const run = async (isTap?: boolean) => {
    const { epoch, state, tokens } = stateStore
    const { status } = state
    // Signed in, a tap ends a pause of the renewals.
    if (tokens && !(isTap && currentPause())) return
    const isDue = status === 'starting' || (status === 'offline' && !currentPause())
    if (!isTap) return isDue ? signInOnce() : adoptOnce()
    const atTap = stateStore.read().catch(ignore as () => undefined)
    const tap = () => {
      stateStore.tap = atTap
      return signInOnce().then(() => tokens && endPause(), ignore)
    }
    await tap()
    // A silent sign-in that ran already had obeyed a sign-out from before the tap.
    if (stateStore.epoch === epoch && stateStore.state === signedOut) await tap()
  }
  const renew = async (rejectedAccessToken: string, rejection: unknown) => {
    // While a renewal runs, the tokens may be ones that another context has stored and that have expired too.
    const isCurrent = () => markOf(stateStore.tokens) === rejectedAccessToken
    const isRunning = isSigningIn()
    if (!isRunning && !isCurrent()) return
    const paused = currentPause()
    // In a pause, another context may have renewed the tokens.
    await (paused ? adoptOnce() : signInOnce())
    if (!isCurrent()) return
    if (paused) throw refusedToken === rejectedAccessToken ? rejection : paused[0]
    // It was a sign-in that began before the tokens of another context were adopted.
    if (isRunning) await signInOnce()
  }
  const refused = (renewedAccessToken: string, rejection: unknown) => {
    // Once for all calls. For a token that another context has got, no renewal has been tried here.
    if (ownToken !== renewedAccessToken) return
    ownToken = ''
    refusedToken = renewedAccessToken
    beginPause(rejection, true, refusedLeast)
  }
  return [run, renew, refused, endPause]
}

const accessTokenEnd = ({ accessTokenExpiresAt }: Tokens): number =>
  toMilliseconds(accessTokenExpiresAt)
