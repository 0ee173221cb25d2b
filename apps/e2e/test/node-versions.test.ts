import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { RunningProcess } from '@mianmi/api/testing/process'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { start } from './start-process.ts'

/** The lines of Node that people run. The newest release of each is fetched from the npm registry and kept in npm's cache. */
const lines = [22, 24, 26]

/**
 * Full garbage collections under load. better-sqlite3 12, compiled for Node 24.21, aborts the process in its first one
 * (nodejs/node#65446).
 */
const leastCollections = 100
/** Calls at once. */
const concurrency = 32

const appId = 'wx00000000000000a1'

/** The executable of the newest release of a line. */
async function fetchNode(line: number): Promise<string> {
  const { npm_config_package: _, ...env } = process.env
  const args = ['--yes', '-p', `node@${line}`, '--', 'node', '-p', 'process.execPath']
  const { stdout } = await promisify(execFile)('npx', args, { env })
  return stdout.trim()
}

async function post<T>(url: string, body: object): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

/** A sign-in through the sandbox, and a call with the token that it brought. */
async function signIn(service: string, sandbox: string, user: string): Promise<number> {
  const { code } = await post<{ code: string }>(`${sandbox}/sandbox/login`, { appId, user })
  const { result } = await post<{ result: { data: { tokens: { accessToken: string } } } }>(
    `${service}/trpc/miniLogin`,
    { appId, code },
  )
  const { accessToken } = result.data.tokens
  const me = await fetch(`${service}/trpc/me`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  await me.arrayBuffer()
  return me.status
}

/** Reads the lines that `--trace-gc` prints; returns whether there were enough full collections. */
function watchCollections(service: RunningProcess): () => boolean {
  let count = 0
  service.child.stdout?.on('data', (chunk) => {
    count += String(chunk).match(/: Mark-Compact/g)?.length ?? 0
  })
  return () => count >= leastCollections
}

describe.each(lines)('the built service on the newest Node %i', (line) => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mianmi-node-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('signs people in while its memory is collected many times, and ends in order', async () => {
    const node = await fetchNode(line)
    const sandbox = start('sandbox', { cwd: folder, env: { SANDBOX_PORT: '0' } })
    onTestFinished(() => void sandbox.stop('SIGKILL'))
    const sandboxUrl = await sandbox.listening
    const service = start('service', {
      cwd: folder,
      // A small space for young objects is collected often, and each time everything with it.
      node: { file: node, flags: ['--trace-gc', '--gc-global', '--max-semi-space-size=1'] },
      env: {
        NODE_ENV: 'production',
        PORT: '0',
        WECHAT_APPS: `${appId}:the-app-secret`,
        WECHAT_API_URL: sandboxUrl,
        SECRET_KEY: Buffer.alloc(32, 'secret key 1').toString('base64'),
        SIGN_UP: 'auto',
        RATE_LIMIT_FACTOR: '1000000',
      },
    })
    onTestFinished(() => void service.stop('SIGKILL'))
    const enough = watchCollections(service)
    const serviceUrl = await service.listening
    let count = 0
    const statuses = new Set<number>()
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (!enough()) {
          count += 1
          statuses.add(await signIn(serviceUrl, sandboxUrl, `person-${count}`))
        }
      }),
    )
    expect([...statuses]).toEqual([200])
    expect(await service.stop()).toBe(0)
    expect(service.output.stderr).toBe('')
  }, 300_000)
})
