import type { Occurrence } from '../facts/read-script.ts'

export type EnvVersion = 'develop' | 'trial' | 'release'

export interface Guest {
  envVersion: EnvVersion
  /** The service's reply; undefined for a service that cannot be reached. */
  reply(url: string): unknown
}

/** What a mini program has done by itself during a visit. */
export interface GuestActivity {
  /** Page changes and dialogs, each with its target or API name. */
  actions: Occurrence[]
  /** Addresses of the requests. */
  requests: string[]
}

interface WxApiOptions {
  url?: string
  success?(result: unknown): void
  fail?(failure: unknown): void
  complete?(result: unknown): void
}

const navigationApis = ['navigateTo', 'redirectTo', 'reLaunch', 'switchTab']
const dialogApis = ['showModal', 'authorize', 'getLocation', 'chooseAddress', 'getUserProfile']

/** The `wx` of a phone whose owner has granted nothing and is not signed in. */
export function createGuestWx(
  guest: Guest,
  activity: GuestActivity,
  callerPosition: () => Omit<Occurrence, 'name'>,
) {
  const implemented: Record<string, (options?: WxApiOptions) => unknown> = {
    getAccountInfoSync: () => ({ miniProgram: { appId: 'wx', envVersion: guest.envVersion } }),
    getAppBaseInfo: () => ({}),
    getSystemInfoSync: () => ({}),
    getWindowInfo: () => ({}),
    getDeviceInfo: () => ({}),
    getStorageSync: () => '',
    login: (options) => succeed(options, { code: 'guest' }),
    getSetting: (options) => succeed(options, { authSetting: {} }),
    getStorage: (options) => failWith(options, 'getStorage:fail data not found'),
    request: (options) => {
      const url = options?.url ?? ''
      activity.requests.push(url)
      const data = guest.reply(url)
      if (data === undefined) failWith(options, 'request:fail')
      else succeed(options, { statusCode: 200, header: {}, data: JSON.stringify(data) })
      return { abort: () => undefined }
    },
  }
  return new Proxy(implemented, {
    get(_, api) {
      const apiName = String(api)
      return (options?: WxApiOptions) => {
        const name = navigationApis.includes(apiName) ? String(options?.url) : `wx.${apiName}`
        if (navigationApis.includes(apiName) || dialogApis.includes(apiName))
          activity.actions.push({ name, ...callerPosition() })
        return implemented[apiName]?.(options) ?? succeedByDefault(apiName, options)
      }
    },
  })
}

/** Any other API succeeds without data, with a promise when it has no callbacks. */
function succeedByDefault(name: string, options: WxApiOptions | undefined): unknown {
  if (/^(on|off)[A-Z]|Sync$/.test(name)) return undefined
  if (options?.success || options?.fail || options?.complete) return succeed(options, {})
  return Promise.resolve({ errMsg: `${name}:ok` })
}

function succeed(options: WxApiOptions | undefined, result: object): void {
  options?.success?.(result)
  options?.complete?.(result)
}

function failWith(options: WxApiOptions | undefined, errMsg: string): void {
  options?.fail?.({ errMsg })
  options?.complete?.({ errMsg })
}
