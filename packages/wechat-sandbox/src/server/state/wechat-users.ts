import { openidOf, phoneOf, unionidOf } from '../user-identifiers.ts'

/** What WeChat knows of somebody. */
export interface WeChatUser {
  /** Without the country code. */
  phone: string
  /** WeChat sends it as a text or as a number. */
  countryCode: string | number
  /** Null where the mini program is not bound to an Open Platform account. */
  unionid: string | null
  /** A user whom WeChat holds for high-risk: 40226. */
  blocked: boolean
}

export interface WeChatUsers {
  get(user: string): WeChatUser
  /** An undefined field stays as it is. */
  update(user: string, change: { [K in keyof WeChatUser]?: WeChatUser[K] | undefined }): WeChatUser
  openid(appId: string, user: string): string
  /** Null gives back the one that is computed from the name. */
  setOpenid(appId: string, user: string, openid: string | null): string
}

/** Everybody is as the name says, until told otherwise. */
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
