import type { ApiFailure } from './api-call.ts'
import { ApiError, errno, toApiFailure } from './api-call.ts'

/** Options of {@link createSandboxClient}. */
export interface SandboxClientOptions {
  /** Base address of the sandbox server, such as `http://127.0.0.1:3101`. */
  url: string
  /** Default: the global `fetch`, looked up at each call. */
  fetch?: typeof globalThis.fetch | undefined
}

/** What the WeChat app asks its server for; a mini program cannot call this itself. */
export interface SandboxClient {
  /** A login code, as `wx.login` returns it. */
  login(appUser: AppUser, signal?: AbortSignal): Promise<string>
  /** A phone code, as the getPhoneNumber button returns it. */
  phone(appUser: AppUser, signal?: AbortSignal): Promise<string>
  /** The detail of the button's `getphonenumber` event; never rejects. */
  getPhoneNumber(appUser: AppUser): Promise<PhoneNumberDetail>
  /** Whether the session key of the latest login is still valid. */
  checkSession(appUser: AppUser, signal?: AbortSignal): Promise<boolean>
}

/** A user of one mini program. */
export interface AppUser {
  /** The appid that the mini program runs under. */
  appId: string
  /** The name of the user. */
  user: string
}

/** `errno` 1400001: the app's quota of phone number requests is exhausted. */
export type PhoneNumberDetail = { code: string; errMsg: string } | ApiFailure

/**
 * Creates a client of the sandbox server's control routes for WeChat's own dialogs. Its methods
 * reject with an `ApiError`, except where noted.
 *
 * @example
 * const client = createSandboxClient({ url: 'http://127.0.0.1:3101' })
 * const detail = await client.getPhoneNumber({ appId: 'wx6d69616e6d690001', user: 'ann' })
 */
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
