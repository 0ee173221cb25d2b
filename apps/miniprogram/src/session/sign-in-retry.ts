import { createNetworkRetry, type NetworkRetry } from './network-retry.ts'
import { session } from './session.ts'

/** Milliseconds. After some failures the session waits before the next attempt, 8 s at most. */
const pause = 1_000
const longestPause = 9

/** Signs in again when the network is back, if the last sign-in has failed for want of it. */
export function retrySignIn(): NetworkRetry {
  const networkRetry = createNetworkRetry(() => {
    networkRetry.started()
    signInSilently(session.state, longestPause)
  })
  networkRetry.started()
  session.subscribe((state) => networkRetry.ended(state.status === 'offline' ? state.error : null))
  return networkRetry
}

/**
 * A call and not `signIn`, which is for a tap of the person and overrides a sign-out that another context has stored.
 * In a pause of the session a call changes nothing.
 */
async function signInSilently(failed: typeof session.state, attempts: number): Promise<void> {
  await session.authorized(async () => undefined).catch(() => undefined)
  if (session.state === failed && attempts > 0)
    setTimeout(() => signInSilently(failed, attempts - 1), pause)
}
