import { appIdPattern } from './server/state/apps.ts'

export interface SandboxSettings {
  host: string
  port: number
  apps: Record<string, string> | undefined
}

/** The message names the variable and never shows a secret. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

export function readSettings(env: Readonly<Record<string, string | undefined>>): SandboxSettings {
  return {
    host: env['SANDBOX_HOST'] || '127.0.0.1',
    port: parsePort(env['SANDBOX_PORT'] || '3101'),
    apps: parseApps(env['SANDBOX_APPS'] || undefined),
  }
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
        `SANDBOX_APPS: entry ${index + 1} is not "appid:secret" with an appid of its own ("wx" and 16 hexadecimal digits)`,
      )
    }
    apps[appId] = secret
  }
  return apps
}
