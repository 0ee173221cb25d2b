import { isIP } from 'node:net'

export interface PlaygroundSettings {
  host: string
  port: number
  /** Where the service is, and the sandbox WeChat. */
  serviceUrl: URL
  sandboxUrl: URL
  /** The folder of the built mini program; the one of this workspace when not given. */
  miniProgram: string | undefined
  /** The base address of the service in the mini program's own code. */
  builtServiceUrl: string
  /** Those under which the mini program can be run, the usual one first. */
  appIds: string[]
  demo: { account: string; password: string } | undefined
}

/** The message names the variable and never shows a password. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

const developmentAppIds = 'wx6d69616e6d690001,wx6d69616e6d690002'

type Env = Readonly<Record<string, string | undefined>>

/** @throws SettingsError */
export function readSettings(env: Env): PlaygroundSettings {
  return {
    host: hostIn(env),
    port: portIn(env),
    serviceUrl: urlIn(env, 'SERVICE_URL', 'http://127.0.0.1:3000'),
    sandboxUrl: urlIn(env, 'SANDBOX_URL', 'http://127.0.0.1:3101'),
    miniProgram: env['MINIPROGRAM_DIST'] || undefined,
    builtServiceUrl: urlIn(env, 'MIANMI_SERVICE_URL', 'http://127.0.0.1:3000').href.replace(
      /\/+$/,
      '',
    ),
    appIds: appIdsIn(env),
    demo: demoIn(env),
  }
}

function hostIn(env: Env): string {
  const host = env['PLAYGROUND_HOST'] || '127.0.0.1'
  if (isIP(host) > 0 || /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(host)) return host
  throw new SettingsError(`PLAYGROUND_HOST: expected a host name or an address, got "${host}"`)
}

function portIn(env: Env): number {
  const value = env['PLAYGROUND_PORT'] || '3100'
  const port = Number(value)
  if (/^\d+$/.test(value) && port <= 65_535) return port
  throw new SettingsError(`PLAYGROUND_PORT: expected a port number, got "${value}"`)
}

function urlIn(env: Env, name: string, fallback: string): URL {
  const value = env[name] || fallback
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash
  if (isPlain && /^https?:$/.test(url.protocol)) return url
  throw new SettingsError(`${name}: expected an http or https address without query or password`)
}

function appIdsIn(env: Env): string[] {
  const appIds = (env['MINIPROGRAM_APPID'] || developmentAppIds).split(',')
  const odd = appIds.find((appId) => !/^[\w-]{1,64}$/.test(appId))
  if (odd === undefined) return [...new Set(appIds)]
  throw new SettingsError(`MINIPROGRAM_APPID: expected an appid, or several, got "${odd}"`)
}

function demoIn(env: Env): PlaygroundSettings['demo'] {
  const account = env['DEMO_ACCOUNT'] || undefined
  const password = env['DEMO_PASSWORD'] || undefined
  if (account !== undefined && password !== undefined) return { account, password }
  if (account === undefined && password === undefined) return undefined
  const missing = account === undefined ? 'DEMO_ACCOUNT' : 'DEMO_PASSWORD'
  throw new SettingsError(`${missing}: missing while the other half of the demo account is given`)
}
