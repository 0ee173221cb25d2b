import { WeChatError } from '../wechat-error.ts'

export interface Apps {
  /** Whether a phone may open this mini program here. */
  has(appId: string): boolean
  /** Throws 41002, 41004, 40013 or 40125. */
  authenticate(appId: string | undefined, secret: string | undefined): string
}

export const appIdPattern: RegExp = /^wx[0-9a-f]{16}$/

/**
 * The apps given, or, without any, every well-formed appid, whose secret is fixed by the first
 * server call that names it.
 */
export function createApps(given?: Readonly<Record<string, string>>): Apps {
  const secrets = new Map(Object.entries(given ?? {}))
  const has = (appId: string): boolean =>
    given === undefined ? appIdPattern.test(appId) : secrets.has(appId)
  return {
    has,
    authenticate(appId, secret) {
      if (!appId) throw new WeChatError(41002)
      if (!secret) throw new WeChatError(41004)
      if (!has(appId)) throw new WeChatError(40013)
      const expected = secrets.get(appId) ?? secret
      if (expected !== secret) throw new WeChatError(40125)
      secrets.set(appId, secret)
      return appId
    },
  }
}
