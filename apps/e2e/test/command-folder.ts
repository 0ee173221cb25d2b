import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { start } from './start-process.ts'

const program = fileURLToPath(new URL('../../api/dist/admin.js', import.meta.url))

/** The key of the service that `startService` starts. */
export const secretKey: string = Buffer.alloc(32, 'secret key 1').toString('base64')

/** What a command has printed. */
export interface CommandResult {
  readonly out: string
  readonly err: string
  readonly code: number
  readonly lastLine: string
}

/** A folder with a database, until the test ends. */
export interface CommandFolder {
  /** Runs a built command of administrators on the database. */
  run(args: readonly string[], settings?: Record<string, string>): Promise<CommandResult>
  /** Starts the service, which creates the database. Returns its address. */
  startService(): Promise<string>
}

export function openCommandFolder(): CommandFolder {
  const cwd = mkdtempSync(join(tmpdir(), 'mianmi-commands-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  return {
    async run(args, settings = {}) {
      const env = { PATH: process.env['PATH'], DATABASE_URL: 'file:test.db', ...settings }
      const child = spawn(process.execPath, [program, ...args], { cwd, env })
      const streams = [text(child.stdout), text(child.stderr)]
      const [code] = await once(child, 'close')
      const [out = '', err = ''] = await Promise.all(streams)
      return { out, err, code, lastLine: out.trimEnd().split('\n').at(-1) ?? '' }
    },
    async startService() {
      const service = start('service', {
        cwd,
        env: {
          NODE_ENV: 'production',
          PORT: '0',
          DATABASE_URL: 'file:test.db',
          WECHAT_APPS: 'wx0000000000000001:the-app-secret',
          SECRET_KEY: secretKey,
        },
      })
      onTestFinished(async () => void (await service.stop()))
      return service.listening
    },
  }
}
