import { isIP } from 'node:net'

/** The environment variables of the playground, parsed. */
export interface PlaygroundSettings {
  /** `PLAYGROUND_HOST`: the address to listen on. */
  host: string
  /** `PLAYGROUND_PORT`: 0 takes any free port. */
  port: number
  /** `SERVICE_URL`: base address of the service. */
  serviceUrl: URL
  /** `SANDBOX_URL`: base address of the sandbox WeChat. */
  sandboxUrl: URL
  /** `MINIPROGRAM_DIST`: folder of the built mini program; default: the one of this workspace. */
  miniProgram: string | undefined
  /** `MIANMI_SERVICE_URL`: the address of the service that the mini program was built with. */
  builtServiceUrl: string
  /** `MINIPROGRAM_APPID`: the appids that the mini program can run under; the first is the default. */
  appIds: string[]
  /** `DEMO_ACCOUNT` and `DEMO_PASSWORD`; undefined where neither is set. */
  demo: { account: string; password: string } | undefined
}

/** A variable with a bad value. The message names the variable and never contains a password. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

const developmentAppIds = 'wx6d69616e6d690001,wx6d69616e6d690002'

type Env = Readonly<Record<string, string | undefined>>

/** @throws SettingsError for the first variable with a bad value */
export function readSettings(env: Env): PlaygroundSettings {
  return {
    host: parseHost(env),
    port: parsePort(env),
    serviceUrl: parseUrl(env, 'SERVICE_URL', 'http://127.0.0.1:3000'),
    sandboxUrl: parseUrl(env, 'SANDBOX_URL', 'http://127.0.0.1:3101'),
    miniProgram: env['MINIPROGRAM_DIST'] || undefined,
    builtServiceUrl: parseUrl(env, 'MIANMI_SERVICE_URL', 'http://127.0.0.1:3000').href.replace(
      /\/+$/,
      '',
    ),
    appIds: parseAppIds(env),
    demo: parseDemoAccount(env),
  }
}

/** One line for a start that failed: it names the variable to change where the address is the cause. */
export function describeListenError(
  error: unknown,
  settings: PlaygroundSettings | undefined,
): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE' && settings) {
    return `PLAYGROUND_PORT: port ${settings.port} is already in use; set PLAYGROUND_PORT to a free port`
  }
  return message ?? String(error)
}

function parseHost(env: Env): string {
  const host = env['PLAYGROUND_HOST'] || '127.0.0.1'
  if (isIP(host) > 0 || /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(host)) return host
  throw new SettingsError(`PLAYGROUND_HOST: expected a host name or an address, got "${host}"`)
}

function parsePort(env: Env): number {
  const value = env['PLAYGROUND_PORT'] || '3100'
  const port = Number(value)
  if (/^\d+$/.test(value) && port <= 65_535) return port
  throw new SettingsError(`PLAYGROUND_PORT: expected a port number, got "${value}"`)
}

function parseUrl(env: Env, name: string, fallback: string): URL {
  const value = env[name] || fallback
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash
  if (isPlain && /^https?:$/.test(url.protocol)) return url
  throw new SettingsError(`${name}: expected an http or https address without query or password`)
}

function parseAppIds(env: Env): string[] {
  const appIds = (env['MINIPROGRAM_APPID'] || developmentAppIds).split(',')
  const invalid = appIds.find((appId) => !/^[\w-]{1,64}$/.test(appId))
  if (invalid === undefined) return [...new Set(appIds)]
  throw new SettingsError(
    `MINIPROGRAM_APPID: expected one or more comma-separated appids, got "${invalid}"`,
  )
}

function parseDemoAccount(env: Env): PlaygroundSettings['demo'] {
  const account = env['DEMO_ACCOUNT'] || undefined
  const password = env['DEMO_PASSWORD'] || undefined
  if (account !== undefined && password !== undefined) return { account, password }
  if (account === undefined && password === undefined) return undefined
  const missing = account === undefined ? 'DEMO_ACCOUNT' : 'DEMO_PASSWORD'
  throw new SettingsError(`${missing}: missing, but the other variable of the demo account is set`)
}
