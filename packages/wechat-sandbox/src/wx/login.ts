import type { Answer, Call, Callbacks, OnCall, Result } from './call.ts'
import { ApiError, errno, offline, settle } from './call.ts'
import type { Person, SandboxClient } from './sandbox-client.ts'

export interface LoginResult extends Result {
  code: string
}

export interface LoginOptions extends Callbacks<LoginResult> {
  /** Milliseconds. */
  timeout?: number | undefined
}

export interface LoginApi {
  /** Callbacks only: on the phone it returns nothing, so a promise must not be counted on. */
  login(options?: LoginOptions): void
  checkSession<O extends Callbacks>(options?: O): Answer<O, Result>
}

interface Parts {
  call: Call
  onCall: OnCall | undefined
  client: SandboxClient
  person: () => Person
  isOnline: () => boolean
}

export function createLogin(parts: Parts): LoginApi {
  const { call, onCall, client, person, isOnline } = parts
  // Whatever breaks off while there is no network has broken off for want of it.
  const online = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!isOnline()) throw offline()
    return work().catch((error: unknown) => {
      throw isOnline() ? error : offline()
    })
  }
  return {
    login(options = {}) {
      void settle({ api: 'login', options, onCall }, async () => {
        const ask = (signal: AbortSignal): Promise<string> => client.login(person(), signal)
        return { code: await online(() => within(options.timeout, ask)) }
      })
    },
    checkSession(options) {
      return call('checkSession', options, async () => {
        const isGood = await online(() => client.checkSession(person()))
        if (!isGood) throw new ApiError('session time out')
        return {}
      })
    },
  }
}

async function within<T>(
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
