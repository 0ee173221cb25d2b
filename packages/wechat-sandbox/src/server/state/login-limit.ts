import type { Clock } from '../clock.ts'
import { WeChatError } from '../wechat-error.ts'

/** The limit of code exchanges. */
export interface LoginLimitSettings {
  /** Exchanges for each user of an app in a minute; null for no limit. */
  loginsPerMinute: number | null
}

/** Counts code exchanges for each user of an app. */
export interface LoginLimit {
  /** The settings in force. */
  current(): LoginLimitSettings
  /** Replaces the settings. */
  set(settings: LoginLimitSettings): LoginLimitSettings
  /** @throws WeChatError 45011 where this user has reached the limit in the current minute. */
  countLogin(appId: string, openid: string): void
}

const minute = 60_000
const cleanupThreshold = 10_000

export function createLoginLimit(now: Clock): LoginLimit {
  // https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
  let settings: LoginLimitSettings = { loginsPerMinute: 100 }
  const logins = new Map<string, { since: number; count: number }>()

  function forgetOld(): void {
    for (const [key, { since }] of logins) {
      if (now() - since >= minute) logins.delete(key)
    }
  }

  return {
    current: () => settings,
    set(next) {
      settings = next
      return settings
    },
    countLogin(appId, openid) {
      const key = `${appId} ${openid}`
      if (logins.size >= cleanupThreshold) forgetOld()
      const found = logins.get(key)
      const window = found && now() - found.since < minute ? found : { since: now(), count: 0 }
      if (settings.loginsPerMinute !== null && window.count >= settings.loginsPerMinute) {
        throw new WeChatError(45011)
      }
      window.count += 1
      logins.set(key, window)
    },
  }
}
