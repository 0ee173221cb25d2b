import type { Failure } from './call.ts'
import { ApiError, errno, failureOf } from './call.ts'

export interface SandboxClientOptions {
  /** Base address of the sandbox server, such as `http://127.0.0.1:3101`. */
  url: string
  fetch?: typeof globalThis.fetch | undefined
}

/** Plays the person's WeChat: what the app itself asks Tencent for, not what a mini program may. */
export interface SandboxClient {
  /** A login code, as `wx.login` gives it. */
  login(who: Person, signal?: AbortSignal): Promise<string>
  /** A phone code, as the getPhoneNumber button gives it. */
  phone(who: Person, signal?: AbortSignal): Promise<string>
  /** What the button's `getphonenumber` event carries; never rejects. */
  getPhoneNumber(who: Person): Promise<PhoneDetail>
  /** Whether the session key of the latest login is still good. */
  checkSession(who: Person, signal?: AbortSignal): Promise<boolean>
}

export interface Person {
  appId: string
  user: string
}

/** `errno` 1400001: the app's quota of phone numbers is used up. */
export type PhoneDetail = { code: string; errMsg: string } | Failure

/** Speaks to the sandbox server's `/sandbox/` door; rejects with an `ApiError`. */
export function createSandboxClient(options: SandboxClientOptions): SandboxClient {
  const base = options.url.replace(/\/+$/, '')

  async function post(path: string, who: Person, signal?: AbortSignal): Promise<Reply> {
    const fetch = options.fetch ?? globalThis.fetch
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(who),
      ...(signal && { signal }),
    }).catch(() => {
      throw new ApiError(`the sandbox at ${base} does not answer`, errno.network)
    })
    const reply = (await response.json().catch(() => ({}))) as Reply
    if (!response.ok) {
      throw new ApiError(reply.message ?? `the sandbox says ${response.status}`, reply.errno)
    }
    return reply
  }

  async function code(path: string, who: Person, signal?: AbortSignal): Promise<string> {
    const reply = await post(path, who, signal)
    if (typeof reply.code !== 'string') throw new ApiError('the sandbox gave no code')
    return reply.code
  }

  return {
    login: (who, signal) => code('/sandbox/login', who, signal),
    phone: (who, signal) => code('/sandbox/phone', who, signal),
    getPhoneNumber: (who) =>
      code('/sandbox/phone', who).then(
        (given) => ({ code: given, errMsg: 'getPhoneNumber:ok' }),
        (error: unknown) => failureOf('getPhoneNumber', error),
      ),
    checkSession: async (who, signal) =>
      (await post('/sandbox/session', who, signal)).valid === true,
  }
}

interface Reply {
  code?: unknown
  valid?: unknown
  message?: string
  errno?: number
}
