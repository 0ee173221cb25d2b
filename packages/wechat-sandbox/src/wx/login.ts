import type { ApiCallbacks, ApiResult, ApiReturn, CallApi, OnCall } from './api-call.ts'
import { ApiError, errno, offlineError, runApi } from './api-call.ts'
import type { AppUser, SandboxClient } from './sandbox-client.ts'

/** Result of `wx.login`. */
export interface LoginResult extends ApiResult {
  /** Valid once, for five minutes. */
  code: string
}

/** Options of `wx.login`. */
export interface LoginOptions extends ApiCallbacks<LoginResult> {
  /** Milliseconds; default: no timeout. */
  timeout?: number | undefined
}

/** Login and session key. */
export interface LoginApi {
  /** Supports callbacks only: on the phone it returns no promise. */
  login(options?: LoginOptions): void
  /** Fails with `session time out` where the session key has expired or there was no login. */
  checkSession<O extends ApiCallbacks>(options?: O): ApiReturn<O, ApiResult>
}

interface LoginDependencies {
  callApi: CallApi
  onCall: OnCall | undefined
  client: SandboxClient
  appUser: () => AppUser
  isOnline: () => boolean
}

export function createLoginApi(dependencies: LoginDependencies): LoginApi {
  const { callApi, onCall, client, appUser, isOnline } = dependencies
  // A call that fails while the network is gone reports the missing network as the reason.
  const whileOnline = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!isOnline()) throw offlineError()
    return work().catch((error: unknown) => {
      throw isOnline() ? error : offlineError()
    })
  }
  return {
    login(options = {}) {
      void runApi({ api: 'login', options, onCall }, async () => {
        const ask = (signal: AbortSignal): Promise<string> => client.login(appUser(), signal)
        return { code: await whileOnline(() => withTimeout(options.timeout, ask)) }
      })
    },
    checkSession(options) {
      return callApi('checkSession', options, async () => {
        const isGood = await whileOnline(() => client.checkSession(appUser()))
        if (!isGood) throw new ApiError('session time out')
        return {}
      })
    },
  }
}

async function withTimeout<T>(
  timeout: number | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const timer =
    timeout !== undefined && timeout > 0 ? setTimeout(() => controller.abort(), timeout) : undefined
  try {
    return await work(controller.signal)
  } catch (error) {
    if (controller.signal.aborted) throw new ApiError('timeout', errno.timeout)
    throw error
  } finally {
    clearTimeout(timer)
  }
}
