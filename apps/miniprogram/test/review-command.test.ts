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
  return { status: run.status, output: run.stdout + run.stderr }
}

beforeAll(() => build({ configFile: `${app}review/vite.config.ts` }))

describe('the command', () => {
  it('builds this mini program for release and has no findings', () => {
    const { status, output } = review()
    expect(output).toContain('no findings')
    expect(status).toBe(0)
  })

  it('fails for a build with an address of this machine, and says where', () => {
    const { status, output } = review('dist', '--host', 'api.example.com')
    expect(output).toMatch(/\.js:\d+:\d+ {2}http:\/\/127\.0\.0\.1:3000\S* is not encrypted/)
    expect(output).toContain('1 finding')
    expect(status).toBe(1)
  })

  it('fails with one line for a folder that is not a mini program', () => {
    const { status, output } = review('src/components/logo')
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(status).toBe(1)
  })
})
