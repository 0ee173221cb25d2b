import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunningProcess } from '../running-process.ts'
import { start } from '../start-process.ts'
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

function createCertificate(): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, 'mianmi.crt'), join(folder, 'mianmi.key')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const form = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject]
  execFileSync('openssl', [...form, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
  return { certificate, key }
}

/** The example of the repository, with the addresses of the test. Each replaced text must be there. */
function example(name: string, changes: Readonly<Record<string, string>>): string {
  const path = fileURLToPath(new URL(`../../../../deploy/${name}`, import.meta.url))
  let text = readFileSync(path, 'utf8')
  for (const [from, to] of Object.entries(changes)) {
    expect(text).toContain(from)
    text = text.replaceAll(from, to)
  }
  return text
}

interface SignedInReply {
  readonly result: { readonly data: { readonly tokens: { readonly accessToken: string } } }
}

interface Balancer {
  readonly name: string
  readonly isInstalled: boolean
  /** Writes its configuration, and returns the command that runs it in the foreground. */
  configure(port: number, addresses: readonly string[], inside: string): string[]
}

const isInstalled = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args).error === undefined

const haproxy: Balancer = {
  name: 'HAProxy',
  isInstalled: isInstalled('haproxy', '-v'),
  configure(port, [one = '', two = ''], inside) {
    const { certificate, key } = createCertificate()
    const pem = join(folder, 'mianmi.pem')
    writeFileSync(pem, readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'))
    const text = example('haproxy.cfg', {
      ':443': `127.0.0.1:${port}`,
      '/etc/haproxy/mianmi.pem': pem,
      '10.0.0.11:3000': one,
      '10.0.0.12:3000': two,
      '10.0.0.0/8': inside,
    })
    const path = join(folder, 'haproxy.cfg')
    writeFileSync(path, text)
    return ['haproxy', '-db', '-f', path]
  },
}

const nginx: Balancer = {
  name: 'nginx',
  isInstalled: isInstalled('nginx', '-v'),
  configure(port, [one = '', two = ''], inside) {
    const { certificate, key } = createCertificate()
    const text = example('nginx.conf', {
      'listen 443': `listen 127.0.0.1:${port}`,
      '/etc/nginx/mianmi.crt': certificate,
      '/etc/nginx/mianmi.key': key,
      '10.0.0.11:3000': one,
      '10.0.0.12:3000': two,
      '10.0.0.0/8': inside,
    })
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${join(folder, kind)};`,
    )
    const path = join(folder, 'nginx.conf')
    writeFileSync(
      path,
      `daemon off; pid ${join(folder, 'pid')}; error_log stderr;
events {}
http { access_log off; ${paths.join(' ')}
${text}
}`,
    )
    return ['nginx', '-p', folder, '-c', path]
  },
}

async function startBalancer(balancer: Balancer, addresses: readonly string[], inside: string) {
  const port = await freePort()
  const [program = '', ...args] = balancer.configure(port, addresses, inside)
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

for (const balancer of [haproxy, nginx])
  describe.skipIf(!balancer.isInstalled && process.env['CI'] !== 'true')(
    `the example for ${balancer.name}`,
    () => {
      describePostgres('with two nodes on PostgreSQL', () => {
        it('signs in through TLS, and no call is lost while a node is replaced', async () => {
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
          const load = Array.from({ length: 4 }, async (_, index) => {
            while (!isStopped) {
              statuses.push((await send('/trpc/me', undefined, { authorization })).status)
              statuses.push((await signIn(`person ${index}`)).status)
            }
          })
          expect(await nodes[0]?.stop('SIGTERM')).toBe(0)
          const after = statuses.length
          await expect.poll(() => statuses.length, { timeout: 60_000 }).toBeGreaterThan(after + 40)
          isStopped = true
          await Promise.all(load)
          expect([...new Set(statuses)]).toEqual([200])
        })

        it('takes the address of the client from no header that the client has sent', async () => {
          const { addresses } = await startNodes()
          const send = await startBalancer(balancer, addresses, '127.0.0.1')
          const statuses: number[] = []
          // 60 refused codes a minute from one network; each call claims another one.
          for (let call = 0; call < 66; call += 1) {
            const wrong = { appId, code: `invented ${call}` }
            const forged = {
              'x-forwarded-for': `203.0.113.${call}`,
              forwarded: `for=198.51.100.${call}`,
            }
            statuses.push((await send('/trpc/miniLogin', wrong, forged)).status)
          }
          expect(statuses.slice(0, 60)).not.toContain(429)
          // Each of the two nodes learns by one more refusal that the limit is reached.
          expect(statuses.slice(-4)).toEqual([429, 429, 429, 429])
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
