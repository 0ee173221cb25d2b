import type { Occurrence } from '../facts/read-script.ts'

export type EnvVersion = 'develop' | 'trial' | 'release'

export interface Guest {
  envVersion: EnvVersion
  /** What the service answers; undefined for a service that is out of reach. */
  reply(url: string): unknown
}

/** What a mini program has done by itself while a guest only looked. */
export interface GuestActivity {
  /** Page changes and questions, each with its target or name. */
  moves: Occurrence[]
  /** Addresses asked. */
  requests: string[]
}

interface Options {
  url?: string
  success?(result: unknown): void
  fail?(failure: unknown): void
  complete?(result: unknown): void
}

const moving = ['navigateTo', 'redirectTo', 'reLaunch', 'switchTab']
const asking = ['showModal', 'authorize', 'getLocation', 'chooseAddress', 'getUserProfile']

/** The `wx` of a phone whose owner has allowed nothing, and is known to nobody. */
export function createGuestWx(
  guest: Guest,
  activity: GuestActivity,
  positionAt: () => Omit<Occurrence, 'what'>,
) {
  const known: Record<string, (options?: Options) => unknown> = {
    getAccountInfoSync: () => ({ miniProgram: { appId: 'wx', envVersion: guest.envVersion } }),
    getAppBaseInfo: () => ({}),
    getSystemInfoSync: () => ({}),
    getWindowInfo: () => ({}),
    getDeviceInfo: () => ({}),
    getStorageSync: () => '',
    login: (options) => succeed(options, { code: 'guest' }),
    getSetting: (options) => succeed(options, { authSetting: {} }),
    getStorage: (options) => refuse(options, 'getStorage:fail data not found'),
    request: (options) => {
      const url = options?.url ?? ''
      activity.requests.push(url)
      const data = guest.reply(url)
      if (data === undefined) refuse(options, 'request:fail')
      else succeed(options, { statusCode: 200, header: {}, data: JSON.stringify(data) })
      return { abort: () => undefined }
    },
  }
  return new Proxy(known, {
    get(_, api) {
      const name = String(api)
      return (options?: Options) => {
        const what = moving.includes(name) ? String(options?.url) : `wx.${name}`
        if (moving.includes(name) || asking.includes(name))
          activity.moves.push({ what, ...positionAt() })
        return known[name]?.(options) ?? answerLater(name, options)
      }
    },
  })
}

/** Anything else goes well and tells nothing; a promise where the phone would give one. */
function answerLater(name: string, options: Options | undefined): unknown {
  if (/^(on|off)[A-Z]|Sync$/.test(name)) return undefined
  if (options?.success || options?.fail || options?.complete) return succeed(options, {})
  return Promise.resolve({ errMsg: `${name}:ok` })
}

function succeed(options: Options | undefined, result: object): void {
  options?.success?.(result)
  options?.complete?.(result)
}

function refuse(options: Options | undefined, errMsg: string): void {
  options?.fail?.({ errMsg })
  options?.complete?.({ errMsg })
}
