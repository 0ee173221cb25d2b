import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunningProcess, start } from './start-process.ts'

let folder = ''
let started: RunningProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mianmi-process-'))
})

afterEach(async () => {
  await Promise.all(started.map((running) => running.stop('SIGKILL')))
  started = []
  rmSync(folder, { recursive: true })
})

function run(env: Record<string, string>): RunningProcess {
  const running = start('service', { cwd: folder, env: { PORT: '0', ...env } })
  started.push(running)
  return running
}

const production = {
  NODE_ENV: 'production',
  WECHAT_APPS: 'wx0000000000000001:the-app-secret',
  SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
}

describe('the built service as a process', () => {
  it.each([
    ['WECHAT_APPS', ''],
    ['WECHAT_APPS', 'wx0000000000000001:'],
    ['SECRET_KEY', ''],
    ['SECRET_KEY', 'dG9vIHNob3J0'],
    ['DATABASE_URL', 'oracle:x'],
  ])(
    '%s=%j makes the start fail with exit code 1 and one line that names the variable',
    async (name, value) => {
      const { output, ended } = run({ ...production, [name]: value })
      expect(await ended).toBe(1)
      expect(output.stderr.trimEnd().split('\n')).toHaveLength(1)
      expect(output.stderr).toContain(name)
      expect(output.stdout + output.stderr).not.toContain('the-app-secret')
    },
  )

  it('a port in use makes the start fail with one line', async () => {
    const first = run(production)
    const { port } = new URL(await first.listening)
    const second = run({ ...production, PORT: port })
    expect(await second.ended).toBe(1)
    expect(second.output.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(second.output.stderr).toContain(port)
  })

  it('in development it needs no configuration and keeps its generated secrets', async () => {
    const first = run({})
    const url = await first.listening
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    const file = join(folder, '.data', 'development.json')
    const generated = readFileSync(file, 'utf8')
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(await first.stop()).toBe(0)
    await run({}).listening
    expect(readFileSync(file, 'utf8')).toBe(generated)
  })

  it('in production it generates no secrets and no demo account', async () => {
    await run(production).listening
    expect(existsSync(join(folder, '.data', 'development.json'))).toBe(false)
  })

  it('SIGTERM ends it with exit code 0 while an idle connection is open', async () => {
    const service = run(production)
    const { hostname, port } = new URL(await service.listening)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const closed = once(socket, 'close')
    expect(await service.stop()).toBe(0)
    await closed
  })

  it('eight concurrent starts on one new database use the same signing key', async () => {
    const starts = Array.from({ length: 8 }, () => run(production))
    const urls = await Promise.all(starts.map(({ listening }) => listening))
    const keySets = await Promise.all(
      urls.map(async (url) => {
        const response = await fetch(`${url}/.well-known/jwks.json`)
        return response.text()
      }),
    )
    expect(new Set(keySets).size).toBe(1)
  })
})
