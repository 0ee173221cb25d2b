import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import { describe, expect, it, onTestFinished } from 'vitest'
import { appId, register, startService, type TestService } from '../harness.ts'
import { createKey } from './service-client.ts'

const examples = fileURLToPath(new URL('../../../../examples/backends', import.meta.url))

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => void server.close(() => resolve()))
  return port
}

interface Sample {
  readonly name: string
  readonly program: string
  /** Whether the gate installs it. Go and a JDK are too large for that, and are used where they are there. */
  readonly isInGate: boolean
  readonly args: (port: number) => readonly string[] | Promise<readonly string[]>
  /** Whether `/orders` verifies without asking mianmi, so that it takes the token of an ended session until it expires. */
  readonly isLocal: boolean
}

/** The samples have no modules of their own. */
function copyBesideModules(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-backend-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
  const copy = join(folder, basename(name))
  copyFileSync(join(examples, name), copy)
  return copy
}

/** NestJS wants the decorators that TypeScript had before the standard, which Node does not strip. */
async function compileBesideModules(name: string): Promise<string> {
  const main = copyBesideModules('node/nest-guard.ts')
  const folder = dirname(main)
  copyFileSync(join(examples, name), join(folder, basename(name)))
  const file = join(folder, 'main.mjs')
  await build({
    input: join(folder, basename(name)),
    cwd: folder,
    platform: 'node',
    external: [/^@nestjs\//, 'jose', 'reflect-metadata'],
    transform: { decorator: { legacy: true } },
    output: { file },
    logLevel: 'silent',
  })
  return file
}

const samples: readonly Sample[] = [
  {
    name: 'node/fastify.mjs',
    program: process.execPath,
    isInGate: true,
    args: () => [copyBesideModules('node/fastify.mjs')],
    isLocal: true,
  },
  {
    name: 'node/express.mjs',
    program: process.execPath,
    isInGate: true,
    args: () => [copyBesideModules('node/express.mjs')],
    isLocal: true,
  },
  {
    name: 'node/nest-app.ts',
    program: process.execPath,
    isInGate: true,
    args: async () => [await compileBesideModules('node/nest-app.ts')],
    isLocal: true,
  },
  {
    name: 'python/backend.py',
    program: '/usr/bin/python3',
    isInGate: true,
    args: () => [join(examples, 'python/backend.py')],
    isLocal: true,
  },
  {
    name: 'java/Backend.java',
    program: '/usr/bin/java',
    isInGate: false,
    args: () => [join(examples, 'java/Backend.java')],
    isLocal: false,
  },
  {
    name: 'php/backend.php',
    program: '/usr/bin/php',
    isInGate: true,
    args: (port) => ['-S', `127.0.0.1:${port}`, join(examples, 'php/backend.php')],
    isLocal: false,
  },
  {
    name: 'go/main.go',
    program: '/usr/bin/go',
    isInGate: false,
    args: () => ['run', join(examples, 'go/main.go')],
    isLocal: false,
  },
]

/** In the gate a program that it installs must be there. Elsewhere what is missing is left out. */
const isInCi = process.env['CI'] === 'true'
const runnable = samples.filter(
  ({ program, isInGate }) => existsSync(program) || (isInGate && isInCi),
)

async function waitFor(url: string): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      { timeout: 60_000 },
    )
    .toBe(true)
}

/** Runs a program until the test ends; resolves when the address answers. */
async function run(
  [program, ...args]: readonly [string, ...string[]],
  { env, url }: { env: Record<string, string>; url: string },
): Promise<void> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: 'ignore',
    detached: true,
  })
  onTestFinished(() => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  })
  await waitFor(url)
}

async function startIssuer(): Promise<{ service: TestService; issuer: string; key: string }> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const service = await startService({ ISSUER: issuer }, {}, port)
  const { key } = await createKey(service, ['introspect', 'users:read', 'identities:read'])
  return { service, issuer, key }
}

describe('the sample backend', () => {
  it.each(runnable)('$name verifies, introspects and finds the openid for pay', async (sample) => {
    const { program, isLocal, args } = sample
    const { service, issuer, key } = await startIssuer()
    const { tokens, user } = await register(service, 'ming', 'ming')
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const env = { MIANMI: issuer, APP_ID: appId, MIANMI_KEY: key, PORT: `${port}` }
    await run([program, ...(await args(port))], { env, url })
    const call = async (method: 'GET' | 'POST', path: string, token?: string) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const response = await fetch(`${url}${path}`, { method, headers })
      return { status: response.status, body: await response.json().catch(() => null) }
    }
    const { accessToken } = tokens
    const openid = service
      .database()
      .sqlite.prepare('select openid from identities where user_id = ?')
      .pluck()
      .get(user.id)
    expect(await call('GET', '/orders', accessToken)).toMatchObject({
      status: 200,
      body: { user: user.id },
    })
    expect(await call('POST', '/pay', accessToken)).toMatchObject({ status: 200, body: { openid } })
    for (const wrong of [undefined, `${accessToken}x`, tokens.refreshToken]) {
      expect((await call('GET', '/orders', wrong)).status).toBe(401)
      expect((await call('POST', '/pay', wrong)).status).toBe(401)
    }
    await service.client(accessToken).session.signOut.mutate()
    expect((await call('POST', '/pay', accessToken)).status).toBe(401)
    expect((await call('GET', '/orders', accessToken)).status).toBe(isLocal ? 200 : 401)
  })

  // express-oauth2-jwt-bearer makes a 401 of every error.
  const others = runnable.filter(({ name }) => name !== 'node/express.mjs')
  it.each(others)('$name refuses no token where mianmi cannot be asked', async (sample) => {
    const [issuer, port] = [`http://127.0.0.1:${await freePort()}`, await freePort()]
    const url = `http://127.0.0.1:${port}`
    const env = { MIANMI: issuer, APP_ID: appId, MIANMI_KEY: 'mk_', PORT: `${port}` }
    await run([sample.program, ...(await sample.args(port))], { env, url })
    const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
    const token = `${part({ alg: 'ES256', typ: 'at+jwt', kid: 'any' })}.${part({})}.${'A'.repeat(86)}`
    const headers = { authorization: `Bearer ${token}` }
    for (const path of ['/orders', '/pay']) {
      const method = path === '/pay' ? 'POST' : 'GET'
      const { status } = await fetch(`${url}${path}`, { method, headers })
      expect(status, path).toBeGreaterThanOrEqual(500)
    }
  })

  it('has 40 lines at most', () => {
    const files = [...samples.map(({ name }) => name), 'node/nest-guard.ts']
    for (const name of files) {
      const lines = readFileSync(join(examples, name), 'utf8').trimEnd().split('\n')
      expect(lines.length, name).toBeLessThanOrEqual(40)
    }
  })
})

const nginx = '/usr/sbin/nginx'

it.runIf(existsSync(nginx) || isInCi)('nginx asks mianmi before each request', async () => {
  const { service, issuer } = await startIssuer()
  const { tokens } = await register(service, 'ming', 'ming')
  const [port, backendPort] = [await freePort(), await freePort()]
  const backend = createServer((_request, response) => void response.end('the backend'))
  await new Promise<void>((resolve) => void backend.listen(backendPort, '127.0.0.1', resolve))
  onTestFinished(() => void backend.close())
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-nginx-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const server = readFileSync(join(examples, 'gateways/nginx.conf'), 'utf8')
    .replace('listen 8080', `listen 127.0.0.1:${port}`)
    .replace('http://127.0.0.1:4000', `http://127.0.0.1:${backendPort}`)
    .replace('http://127.0.0.1:3000', issuer)
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  const config = join(folder, 'nginx.conf')
  writeFileSync(
    config,
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
     http { access_log off; ${paths} ${server} }`,
  )
  const url = `http://127.0.0.1:${port}`
  await run([nginx, '-c', config, '-p', folder], { env: {}, url })
  const call = async (token?: string, headers: Record<string, string> = {}) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    return (await fetch(url, { headers: { ...authorization, ...headers } })).status
  }
  const { accessToken } = tokens
  expect(await call(accessToken)).toBe(200)
  for (const wrong of [undefined, `${accessToken}x`, tokens.refreshToken, ''])
    expect(await call(wrong)).toBe(401)
  expect(await call(undefined, { cookie: `sid=${accessToken}`, sid: accessToken })).toBe(401)
  await service.client(accessToken).session.signOut.mutate()
  expect(await call(accessToken)).toBe(401)
})
