import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import type { RunningProcess } from '@mianmi/api/testing/process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { start } from '../start-process.ts'
import { type Balancer, caddy, haproxy, nginx } from './balancer-programs.ts'
import { createDatabase, describePostgres } from './database.ts'

const appId = 'wx6d69616e6d690001'
const secretKey = Buffer.alloc(32, 'secret key 7').toString('base64')

let folder = ''
let stops: (() => Promise<unknown>)[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mianmi-balancer-'))
})
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()))
  stops = []
  rmSync(folder, { recursive: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

function run(program: 'service' | 'sandbox', env: Record<string, string>): RunningProcess {
  const running = start(program, { cwd: folder, env })
  stops.push(() => running.stop('SIGKILL'))
  return running
}

/** Two nodes on one database. */
async function startNodes() {
  const sandboxUrl = await run('sandbox', { SANDBOX_PORT: '0' }).listening
  const env = {
    NODE_ENV: 'production',
    PORT: '0',
    DATABASE_URL: await createDatabase(),
    WECHAT_APPS: `${appId}:the-app-secret`,
    WECHAT_API_URL: sandboxUrl,
    SECRET_KEY: secretKey,
    ISSUER: 'https://mianmi.example.com',
    TRUST_PROXY: '127.0.0.1',
    SIGN_UP: 'auto',
  }
  const nodes = [run('service', env), run('service', env)]
  const urls = await Promise.all(nodes.map(({ listening }) => listening))
  return { sandboxUrl, nodes, addresses: urls.map((url) => new URL(url).host) }
}

interface SignedInReply {
  readonly result: { readonly data: { readonly tokens: { readonly accessToken: string } } }
}

async function startBalancer(balancer: Balancer, addresses: readonly string[], inside: string) {
  const port = await freePort()
  const [program = '', ...args] = balancer.configure({ folder, port, addresses, inside })
  const child = spawn(program, args, { stdio: 'ignore' })
  stops.push(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  const ca = readFileSync(join(folder, 'mianmi.crt'))
  const send = async (path: string, input?: object, headers: Record<string, string> = {}) => {
    const type = input === undefined ? {} : { 'content-type': 'application/json' }
    const call = request({
      host: 'localhost',
      port,
      path,
      ca,
      method: input === undefined ? 'GET' : 'POST',
      headers: { ...type, ...headers },
    })
    call.end(input && JSON.stringify(input))
    const [reply] = await once(call, 'response')
    const isJson = String(reply.headers['content-type']).includes('json')
    const body = isJson ? await json(reply) : void reply.resume()
    return { status: Number(reply.statusCode), body: body as SignedInReply }
  }
  await expect
    .poll(async () => (await send('/readyz').catch(() => null))?.status, { timeout: 60_000 })
    .toBe(200)
  return send
}

async function loginCode(sandboxUrl: string, user: string): Promise<string> {
  const reply = await fetch(`${sandboxUrl}/sandbox/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ appId, user }),
  })
  return ((await reply.json()) as { code: string }).code
}

for (const balancer of [haproxy, nginx, caddy])
  describe.skipIf(!balancer.isInstalled && process.env['CI'] !== 'true')(
    `the example for ${balancer.name}`,
    () => {
      describePostgres('with two nodes on PostgreSQL', () => {
        it('signs in through TLS, and goes on while a node is replaced', async () => {
          const { sandboxUrl, nodes, addresses } = await startNodes()
          const send = await startBalancer(balancer, addresses, '127.0.0.1')
          const signIn = async (user: string) => {
            const code = await loginCode(sandboxUrl, user)
            return send('/trpc/miniLogin', { appId, code })
          }
          const first = await signIn('ming')
          expect(first.body).toMatchObject({ result: { data: { status: 'signedIn' } } })
          const { tokens } = first.body.result.data
          const authorization = `Bearer ${tokens.accessToken}`
          let isStopped = false
          const statuses: number[] = []
          // A call that is sent to the node at the very moment in which it stops may be lost, one of each caller at most.
          let lost = 0
          const call = async (sent: Promise<{ status: number }>): Promise<void> => {
            const reply = await sent.catch(() => null)
            if (reply === null || reply.status === 502) lost += 1
            else statuses.push(reply.status)
          }
          const load = Array.from({ length: 4 }, async (_, index) => {
            while (!isStopped) {
              await call(send('/trpc/me', undefined, { authorization }))
              await call(signIn(`person ${index}`))
            }
          })
          expect(await nodes[0]?.stop('SIGTERM')).toBe(0)
          const after = statuses.length
          await expect.poll(() => statuses.length, { timeout: 60_000 }).toBeGreaterThan(after + 40)
          isStopped = true
          await Promise.all(load)
          expect([...new Set(statuses)]).toEqual([200])
          expect(lost).toBeLessThanOrEqual(4)
        })

        it('takes the address of the client from no header that the client has sent', async () => {
          const { addresses } = await startNodes()
          const send = await startBalancer(balancer, addresses, '127.0.0.1')
          const statuses: number[] = []
          // 60 refused codes a minute from one network; each call claims another one.
          for (let call = 0; call < 80; call += 1) {
            const wrong = { appId, code: `invented ${call}` }
            const forged = {
              'x-forwarded-for': `203.0.113.${call}`,
              forwarded: `for=198.51.100.${call}`,
            }
            statuses.push((await send('/trpc/miniLogin', wrong, forged)).status)
          }
          expect(statuses.slice(0, 60)).not.toContain(429)
          // Each of the two nodes learns by one more refusal that the limit is reached, and lets one pass in ten seconds.
          const passed = statuses.filter((status) => status !== 429)
          expect(passed.length).toBeLessThanOrEqual(70)
        })

        it('closes the console and the metrics to other networks, however the path is written', async () => {
          const { addresses } = await startNodes()
          const send = await startBalancer(balancer, addresses, '10.1.2.3')
          const paths = [
            '/metrics',
            '/admin',
            '/admin/',
            '/admin/trpc/account.current',
            '/%61dmin/',
            '/%61dmin/trpc/account.current',
            '/%6Detrics',
            '/x/../admin/',
            '//admin/',
            '/./admin/',
          ]
          for (const path of paths) {
            const { status } = await send(path)
            expect([400, 403, 404], `${path}: ${status}`).toContain(status)
          }
          const open = await startBalancer(balancer, addresses, '127.0.0.1')
          expect((await open('/metrics')).status).toBe(200)
          expect((await open('/admin/trpc/account.current')).status).toBe(401)
        })
      })
    },
  )
