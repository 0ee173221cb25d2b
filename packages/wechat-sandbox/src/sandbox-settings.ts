import { appIdPattern } from './server/state/apps.ts'

/** The environment variables of the sandbox process, parsed. */
export interface SandboxSettings {
  /** `SANDBOX_HOST`: the address to listen on. */
  host: string
  /** `SANDBOX_PORT`: 0 takes any free port. */
  port: number
  /** `SANDBOX_APPS`: appid → secret; undefined accepts every well-formed appid. */
  apps: Record<string, string> | undefined
}

/** A variable with a bad value. The message names the variable and never contains a secret. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/** @throws SettingsError for the first variable with a bad value. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): SandboxSettings {
  return {
    host: env['SANDBOX_HOST'] || '127.0.0.1',
    port: parsePort(env['SANDBOX_PORT'] || '3101'),
    apps: parseApps(env['SANDBOX_APPS'] || undefined),
  }
}

/** One line for a start that failed: it names the variable to change where the address is the cause. */
export function describeListenError(error: unknown, settings: SandboxSettings | undefined): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE' && settings) {
    return `SANDBOX_PORT: port ${settings.port} is already in use; set SANDBOX_PORT to a free port`
  }
  return message ?? String(error)
}

function parsePort(value: string): number {
  const port = Number(value)
  if (/^\d+$/.test(value) && port <= 65_535) return port
  throw new SettingsError(`SANDBOX_PORT: expected a port number, got "${value}"`)
}

function parseApps(value: string | undefined): Record<string, string> | undefined {
  if (value === undefined) return undefined
  const apps: Record<string, string> = {}
  for (const [index, entry] of value.split(',').entries()) {
    const [appId = '', ...rest] = entry.trim().split(':')
    const secret = rest.join(':')
    if (!appIdPattern.test(appId) || secret === '' || appId in apps) {
      throw new SettingsError(
        `SANDBOX_APPS: entry ${index + 1} is not "appid:secret" with a distinct appid ("wx" and 16 hexadecimal digits)`,
      )
    }
    apps[appId] = secret
  }
  return apps
}
