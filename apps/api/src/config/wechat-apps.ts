import { ConfigError, type Env, readList } from './env.ts'

/** The configured apps. @throws ConfigError */
export const readAppIds = (env: Env): string[] => Object.keys(readApps(env))

/**
 * WeChat's appids are `wx` and 16 hexadecimal digits. Test servers may use others, so only the separators are
 * refused.
 */
export function readApps(env: Env): Record<string, string> {
  const entries = readList(env, 'WECHAT_APPS')
  if (entries.length === 0)
    throw new ConfigError('WECHAT_APPS is missing; it must be appid:secret[,appid:secret…]')
  const apps: Record<string, string> = Object.create(null)
  for (const [index, entry] of entries.entries()) {
    const [appId = '', secret = '', ...rest] = entry.split(':').map((part) => part.trim())
    const entryName = `entry ${index + 1} of WECHAT_APPS`
    if (!/^[\w-]{1,64}$/.test(appId)) throw new ConfigError(`${entryName} has no valid appid`)
    if (secret === '')
      throw new ConfigError(`${entryName} (${appId}) has an empty or missing secret`)
    if (rest.length > 0)
      throw new ConfigError(`${entryName} (${appId}) is not of the form appid:secret`)
    if (appId in apps) throw new ConfigError(`${entryName} repeats the appid ${appId}`)
    apps[appId] = secret
  }
  return apps
}

/** In UTF-16 units; a longer name would not fit into the console's tables. */
const maxAppNameLength = 30

export function readAppNames(env: Env): Record<string, string> {
  const apps = readApps(env)
  const names: Record<string, string> = Object.create(null)
  for (const [index, entry] of readList(env, 'WECHAT_APP_NAMES').entries()) {
    const entryName = `entry ${index + 1} of WECHAT_APP_NAMES`
    const colon = entry.indexOf(':')
    const appId = entry.slice(0, Math.max(colon, 0)).trim()
    const name = entry.slice(colon + 1).trim()
    if (colon < 1 || name === '')
      throw new ConfigError(`${entryName} is not of the form appid:name`)
    if (!(appId in apps))
      throw new ConfigError(`${entryName} names an appid that WECHAT_APPS lacks`)
    if (name.length > maxAppNameLength || /\p{Cc}/u.test(name))
      throw new ConfigError(
        `${entryName} must be a name of at most ${maxAppNameLength} characters without control characters`,
      )
    if (appId in names) throw new ConfigError(`${entryName} repeats the appid ${appId}`)
    names[appId] = name
  }
  return names
}
