import type { ApiFailure } from './api-call.ts'
import { ApiError, errno, toApiFailure } from './api-call.ts'

export interface SandboxClientOptions {
  /** Base address of the sandbox server, such as `http://127.0.0.1:3101`. */
  url: string
  fetch?: typeof globalThis.fetch | undefined
}

/** Plays the person's WeChat: what the app itself asks Tencent for, not what a mini program may. */
export interface SandboxClient {
  /** A login code, as `wx.login` gives it. */
  login(appUser: AppUser, signal?: AbortSignal): Promise<string>
  /** A phone code, as the getPhoneNumber button gives it. */
  phone(appUser: AppUser, signal?: AbortSignal): Promise<string>
  /** What the button's `getphonenumber` event carries; never rejects. */
  getPhoneNumber(appUser: AppUser): Promise<PhoneNumberDetail>
  /** Whether the session key of the latest login is still good. */
  checkSession(appUser: AppUser, signal?: AbortSignal): Promise<boolean>
}

export interface AppUser {
  appId: string
  user: string
}

/** `errno` 1400001: the app's quota of phone numbers is used up. */
export type PhoneNumberDetail = { code: string; errMsg: string } | ApiFailure

/** Speaks to the sandbox server's `/sandbox/` door; rejects with an `ApiError`. */
export function createSandboxClient(options: SandboxClientOptions): SandboxClient {
  const base = options.url.replace(/\/+$/, '')

  async function post(path: string, appUser: AppUser, signal?: AbortSignal): Promise<ControlReply> {
    const fetch = options.fetch ?? globalThis.fetch
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(appUser),
      ...(signal && { signal }),
    }).catch(() => {
      throw new ApiError(`the sandbox at ${base} does not answer`, errno.network)
    })
    const reply = (await response.json().catch(() => ({}))) as ControlReply
    if (!response.ok) {
      throw new ApiError(reply.message ?? `the sandbox says ${response.status}`, reply.errno)
    }
    return reply
  }

  async function requestCode(
    path: string,
    appUser: AppUser,
    signal?: AbortSignal,
  ): Promise<string> {
    const reply = await post(path, appUser, signal)
    if (typeof reply.code !== 'string') throw new ApiError('the sandbox gave no code')
    return reply.code
  }

  return {
    login: (appUser, signal) => requestCode('/sandbox/login', appUser, signal),
    phone: (appUser, signal) => requestCode('/sandbox/phone', appUser, signal),
    getPhoneNumber: (appUser) =>
      requestCode('/sandbox/phone', appUser).then(
        (phoneCode) => ({ code: phoneCode, errMsg: 'getPhoneNumber:ok' }),
        (error: unknown) => toApiFailure('getPhoneNumber', error),
      ),
    checkSession: async (appUser, signal) =>
      (await post('/sandbox/session', appUser, signal)).valid === true,
  }
}

interface ControlReply {
  code?: unknown
  valid?: unknown
  message?: string
  errno?: number
}
