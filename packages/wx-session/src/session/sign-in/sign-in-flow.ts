import type { CallScope } from '../call-scope.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'
import type { SessionStorage } from '../state/session-storage.ts'
import { singleFlight } from '../state/single-flight.ts'
import { type CodeExchangeOptions, createCodeExchange } from './code-exchange.ts'
import { createPause, type PausedStatus } from './pause.ts'
import { type RefreshOptions, refreshTokens } from './refresh-tokens.ts'
import { createStoredSignIn, toMilliseconds } from './stored-sign-in.ts'

export type SignInOptions<U> = CodeExchangeOptions<U> & RefreshOptions

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
   *
   * @param rejection what the call has thrown; thrown again in the pause after renewed tokens that were rejected too
   */
  renew(rejectedAccessToken: string, rejection: unknown): Promise<void>
  /** The server has accepted a renewed token. */
  accepted(): void
  /** The server has rejected a renewed token too: a pause begins. */
  refused(renewedAccessToken: string, rejection: unknown): void
}

/** What a sign-in works on. */
export interface SignInParts<U> {
  stateStore: SessionStateStore<U>
  storage: SessionStorage<U>
  scope: CallScope
}

export function createSignInFlow<U>(parts: SignInParts<U>, options: SignInOptions<U>): SignInFlow {
  const { stateStore, storage, scope } = parts
  const { now } = options
  /** The epoch in which the person has asked for a sign-in that has not ended. */
  let tapEpoch = -1
  const isTap = (epoch: number) => tapEpoch === epoch
  const pause = createPause(stateStore, now)
  const stored = createStoredSignIn({ stateStore, storage, isTap }, options)
  const exchangeCode = createCodeExchange(parts, options)

  const signIn = async (epoch: number) => {
    const reply = await exchangeCode(epoch)
    // The person may meanwhile have signed out in another context.
    if (reply && (await stored.obey(epoch)) !== undefined) stateStore.record(epoch, reply)
  }

  /** The last renewed token that was rejected too. */
  let refusedToken = ''

  /**
   * A failure begins a pause, and a sign-in ends it, unless a decision was made meanwhile. Whether a renewal was one is
   * known when its token is used.
   */
  const withPause = async (epoch: number, status: PausedStatus, work: Promise<unknown>) => {
    try {
      await work
      if (stateStore.epoch === epoch && status === 'offline') pause.end()
    } catch (error) {
      if (stateStore.epoch === epoch) pause.begin(error, status)
      throw error
    }
  }

  const signInOnce = async (epoch: number) => {
    if (!(await stored.adopt(epoch))) await signIn(epoch)
  }
  const signingIn = singleFlight(stateStore, async (epoch, forget) => {
    const end = () => {
      if (isTap(epoch)) tapEpoch = -1
    }
    try {
      await withPause(epoch, 'offline', signInOnce(epoch))
      end()
    } catch (error) {
      end()
      forget()
      stateStore.record(epoch, { status: 'offline', error })
    }
  })

  const renewTokens = async (epoch: number) => {
    const rejected = stateStore.tokens
    await stored.adopt(epoch)
    const { tokens } = stateStore
    // Another context has renewed the token, unless what it has stored is older than what was rejected.
    const ends = toMilliseconds(tokens?.accessTokenExpiresAt)
    const isRenewed = ends > now() && ends > toMilliseconds(rejected?.accessTokenExpiresAt)
    if (stateStore.epoch !== epoch || isRenewed) return
    const renewed = await refreshTokens(scope, tokens, options)
    if (stateStore.epoch !== epoch) return
    if (!renewed) return signIn(epoch)
    const content = await stored.obey(epoch).catch(() => null)
    const { state } = stateStore
    if (content === undefined || state.status !== 'signedIn') return
    stateStore.record(epoch, { status: 'signedIn', tokens: renewed, user: state.user })
  }
  const renewing = singleFlight(stateStore, (epoch) =>
    withPause(epoch, 'signedIn', renewTokens(epoch)),
  )

  const adopting = singleFlight(stateStore, async (epoch) => {
    await stored.adopt(epoch).catch(() => undefined)
  })

  return {
    adopt: adopting.run,
    async run(isWanted) {
      if (stateStore.state.status === 'signedIn') return
      if (isWanted) tapEpoch = stateStore.epoch
      await (!isWanted && pause.current() ? adopting : signingIn).run()
    },
    async renew(rejectedAccessToken, rejection) {
      // While a renewal runs, the tokens may be ones that another context has stored and that have expired too.
      const isKnown = renewing.isRunning() || stateStore.tokens?.accessToken === rejectedAccessToken
      if (!isKnown) return
      const paused = pause.current()
      if (paused) throw refusedToken === rejectedAccessToken ? rejection : paused.error
      await renewing.run()
    },
    accepted: pause.end,
    refused(renewedAccessToken, rejection) {
      // Once for all calls.
      if (refusedToken === renewedAccessToken) return
      refusedToken = renewedAccessToken
      pause.begin(rejection, 'signedIn')
    },
  }
}
