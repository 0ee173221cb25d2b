import { openidOf, phoneOf, unionidOf } from '../user-identifiers.ts'

/** What WeChat knows of a user. */
export interface WeChatUser {
  /** Digits, without the country code. */
  phone: string
  /** WeChat sends it as a string or as a number. */
  countryCode: string | number
  /** Null where the mini program is not bound to an Open Platform account. */
  unionid: string | null
  /** WeChat rates the user as high-risk: every login is refused with 40226. */
  blocked: boolean
}

/** All users. A user exists from the first mention of the name. */
export interface WeChatUsers {
  /** The user of that name. */
  get(user: string): WeChatUser
  /** Changes a user; undefined fields keep their value. */
  update(user: string, change: { [K in keyof WeChatUser]?: WeChatUser[K] | undefined }): WeChatUser
  /** The openid of a user in an app. */
  openid(appId: string, user: string): string
  /** Overrides an openid and returns the one in force; null restores the computed one. */
  setOpenid(appId: string, user: string, openid: string | null): string
}

/** Identifiers are computed from the name until a test changes them. */
export function createWeChatUsers(): WeChatUsers {
  const changed = new Map<string, WeChatUser>()
  const openids = new Map<string, string>()
  const keyOf = (appId: string, user: string): string => `${appId} ${user}`

  function get(user: string): WeChatUser {
    const computed = {
      phone: phoneOf(user),
      countryCode: '86',
      unionid: unionidOf(user),
      blocked: false,
    }
    return changed.get(user) ?? computed
  }

  const openid = (appId: string, user: string): string =>
    openids.get(keyOf(appId, user)) ?? openidOf(appId, user)

  return {
    get,
    update(user, change) {
      const changes = Object.entries(change).filter(([, value]) => value !== undefined)
      const person: WeChatUser = { ...get(user), ...Object.fromEntries(changes) }
      changed.set(user, person)
      return person
    },
    openid,
    setOpenid(appId, user, openidOverride) {
      if (openidOverride === null) openids.delete(keyOf(appId, user))
      else openids.set(keyOf(appId, user), openidOverride)
      return openid(appId, user)
    },
  }
}
