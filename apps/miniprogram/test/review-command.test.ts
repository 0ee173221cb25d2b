import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'

const app = fileURLToPath(new URL('..', import.meta.url))

function review(...args: string[]) {
  const run = spawnSync(process.execPath, [`${app}.reports/review/main.js`, ...args], {
    cwd: app,
    encoding: 'utf8',
  })
  return { status: run.status, said: run.stdout + run.stderr }
}

beforeAll(() => build({ configFile: `${app}review/vite.config.ts` }))

describe('the command', () => {
  it('builds this mini program for release and has nothing to object to', () => {
    const { status, said } = review()
    expect(said).toContain('nothing to object to')
    expect(status).toBe(0)
  })

  it('fails for a build that calls this very machine, and says where', () => {
    const { status, said } = review('dist', '--host', 'api.example.com')
    expect(said).toMatch(/\.js:\d+:\d+ {2}http:\/\/127\.0\.0\.1:3000\S* is not encrypted/)
    expect(said).toContain('1 objection')
    expect(status).toBe(1)
  })

  it('fails with one line for a folder that is no mini program', () => {
    const { status, said } = review('src/components/mark')
    expect(said.trim().split('\n')).toHaveLength(1)
    expect(status).toBe(1)
  })
})
