import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningProcess } from '@mianmi/api/testing/process'
import { onTestFinished } from 'vitest'
import { start } from './start-process.ts'

export const appId = 'wx6d69616e6d690001'
export const appSecret = 'sentinel-app-secret'

/** Starts the built service and a WeChat sandbox as processes in a new folder. */
export async function startStack(env: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'mianmi-e2e-'))
  const sandbox = start('sandbox', { cwd, env: { SANDBOX_PORT: '0' } })
  const sandboxUrl = await sandbox.listening
  const startService = (port: string): RunningProcess =>
    start('service', {
      cwd,
      env: {
        PORT: port,
        WECHAT_APPS: `${appId}:${appSecret}`,
        SECRET_KEY: Buffer.alloc(32, 'secret key 9').toString('base64'),
        WECHAT_API_URL: sandboxUrl,
        ISSUER: 'https://mianmi.example',
        LOG_LEVEL: 'debug',
        ...env,
      },
    })
  let service = startService('0')
  const url = await service.listening
  const logs: string[] = []
  onTestFinished(async () => {
    await Promise.all([service.stop(), sandbox.stop()])
    rmSync(cwd, { recursive: true })
  })
  return {
    url,
    sandboxUrl,
    cwd,
    sandbox,
    /** The standard output of the service, including earlier processes. */
    log: () => [...logs, service.output.stdout].join(''),
    stopService: async (signal?: NodeJS.Signals) => {
      await service.stop(signal)
      logs.push(service.output.stdout)
    },
    restartService: async () => {
      service = startService(new URL(url).port)
      await service.listening
    },
    fault: (kind: string) =>
      fetch(`${sandboxUrl}/sandbox/fault`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ kind }),
      }),
  }
}

export type Stack = Awaited<ReturnType<typeof startStack>>
