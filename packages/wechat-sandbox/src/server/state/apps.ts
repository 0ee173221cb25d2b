import { WeChatError } from '../wechat-error.ts'

/** The mini programs that this sandbox knows. */
export interface Apps {
  /** Whether an app with this appid exists. */
  has(appId: string): boolean
  /**
   * Checks the credentials of a server call; returns the appid.
   *
   * @throws WeChatError 41002 without an appid, 41004 without a secret, 40013 for an unknown
   * appid, 40125 for a wrong secret
   */
  authenticate(appId: string | undefined, secret: string | undefined): string
}

/** `wx` and 16 hexadecimal digits. */
export const appIdPattern: RegExp = /^wx[0-9a-f]{16}$/

/**
 * @param configured appid → secret; without it every well-formed appid exists, and the first server
 * call that names it fixes its secret
 */
export function createApps(configured?: Readonly<Record<string, string>>): Apps {
  const secrets = new Map(Object.entries(configured ?? {}))
  const has = (appId: string): boolean =>
    configured === undefined ? appIdPattern.test(appId) : secrets.has(appId)
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
