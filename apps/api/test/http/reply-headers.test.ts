import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { register, startService, type TestService } from '../harness.ts'

const origin = 'https://app.example'
const allowing = { ALLOWED_ORIGINS: `https://other.example,${origin}` }
const json = { 'content-type': 'application/json' }
const me = '/trpc/me'

interface Sent {
  readonly method?: string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** Requests that are answered by different parts of the service, and the status that each gets. */
const requests: readonly (readonly [status: number, sent: Sent])[] = [
  [401, { path: me }],
  [207, { path: `${me},nothing?batch=1` }],
  [404, { path: '/trpc/nothing' }],
  [405, { path: '/trpc/miniLogin' }],
  [405, { method: 'POST', path: me, headers: json, body: '{}' }],
  [400, { method: 'POST', path: '/trpc/miniLogin', headers: json, body: '{' }],
  [
    415,
    {
      method: 'POST',
      path: '/trpc/miniLogin',
      body: 'a',
      headers: { 'content-type': 'text/plain' },
    },
  ],
  [415, { method: 'PUT', path: me, body: 'a', headers: { 'content-type': 'text/plain' } }],
  [204, { method: 'HEAD', path: me }],
  // Answered by tRPC's own handler.
  [200, { path: `${me}?batch=1`, headers: { 'trpc-accept': 'application/jsonl' } }],
  [400, { path: `/trpc/${'me,'.repeat(10)}me?batch=1` }],
  [400, { path: '/trpc/%zz' }],
  [400, { path: '/%' }],
  [400, { path: '/auth/%zz' }],
  [400, { path: `/trpc/${'x'.repeat(6_000)}` }],
  [404, { path: '/nowhere' }],
  [405, { method: 'POST', path: '/healthz' }],
  [404, { method: 'DELETE', path: '/nowhere' }],
  [401, { path: '/auth/queryUserNow' }],
  [404, { path: '/auth/nowhere' }],
  [405, { path: '/auth/miniLogin' }],
  [
    415,
    {
      method: 'POST',
      path: '/auth/miniLogin',
      body: 'a',
      headers: { 'content-type': 'text/plain' },
    },
  ],
  [400, { method: 'POST', path: '/auth/miniLogin', headers: json, body: '{' }],
  [413, { method: 'POST', path: '/auth/miniLogin', headers: json, body: 'x'.repeat(70_000) }],
  [413, { method: 'POST', path: '/trpc/miniLogin', headers: json, body: 'x'.repeat(70_000) }],
  [401, { path: '/admin/trpc/overview' }],
  [404, { path: '/admin/trpc/nothing/at/all' }],
  [404, { path: '/admin/assets/gone.js' }],
  [404, { path: '/avatars/none' }],
  [200, { path: '/healthz' }],
  [200, { path: '/readyz' }],
  [200, { path: '/metrics' }],
]

/** Replies for everybody, which caches may keep. */
const publicPaths = ['/openapi.json', '/docs', '/.well-known/jwks.json', '/admin/']

const send = (service: TestService, { path, ...sent }: Sent, headers = {}) =>
  fetch(`${service.url()}${path}`, { ...sent, headers: { ...sent.headers, ...headers } })

const varyOf = ({ headers }: Response): string[] =>
  (headers.get('vary') ?? '').toLowerCase().split(/, */)

describe('every reply', () => {
  it('has a trace id, and may not be stored, unless it is for everybody', async () => {
    const service = await startService()
    for (const [status, sent] of requests) {
      const reply = await send(service, sent)
      const what = `${sent.method ?? 'GET'} ${sent.path.slice(0, 60)}`
      expect([what, reply.headers.get('cache-control')]).toEqual([what, 'no-store'])
      expect(reply.headers.get('x-trace-id'), what).toMatch(/^[0-9a-f]{32}$/)
      if (status !== 413) expect([what, reply.status]).toEqual([what, status])
    }
    for (const path of publicPaths) {
      const reply = await send(service, { path })
      expect(reply.headers.get('cache-control'), path).not.toContain('no-store')
    }
  })

  it('for a person may not be stored, accepted or not, alone or in a batch', async () => {
    const service = await startService()
    const { tokens } = await register(service, 'ming', 'ming')
    const headers = { authorization: `Bearer ${tokens.accessToken}` }
    for (const path of [me, `${me},session.list?batch=1`, '/auth/queryUserNow']) {
      const reply = await send(service, { path, headers })
      expect([path, reply.status, reply.headers.get('cache-control')]).toEqual([
        path,
        200,
        'no-store',
      ])
    }
  })

  it('can be read by pages of an allowed origin, and differs by origin for caches', async () => {
    const service = await startService(allowing)
    for (const [, sent] of requests) {
      const what = `${sent.method ?? 'GET'} ${sent.path.slice(0, 60)}`
      const reply = await send(service, sent, { origin })
      expect([what, reply.headers.get('access-control-allow-origin')]).toEqual([what, origin])
      expect(reply.headers.get('access-control-allow-credentials'), what).toBe('true')
      expect(varyOf(reply), what).toContain('origin')
      for (const other of [{ origin: 'https://evil.example' }, { origin: 'null' }, {}]) {
        const foreign = await send(service, sent, other)
        expect(foreign.headers.get('access-control-allow-origin'), what).toBeNull()
        expect(varyOf(foreign), what).toContain('origin')
      }
    }
    for (const path of publicPaths) {
      expect(varyOf(await send(service, { path }, { origin })), path).toContain('origin')
    }
  })

  it('keeps the other fields of Vary', async () => {
    const service = await startService(allowing)
    expect(varyOf(await send(service, { path: me }))).toEqual(['origin', 'trpc-accept', 'accept'])
    expect(varyOf(await send(service, { path: '/admin/' }))).toEqual(['origin', 'accept-encoding'])
  })

  it('can be read by pages of an allowed origin while load is shed', async () => {
    const service = await startService({ ...allowing, SHED_LOAD_AFTER: '500' })
    // Blocks the event loop, as overload does.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000)
    const reply = await send(service, { path: me }, { origin })
    expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([503, origin])
    expect(reply.headers.get('cache-control')).toBe('no-store')
  })
})

describe('a preflight', () => {
  const preflight = (service: TestService, path: string, headers: Record<string, string>) =>
    send(service, { method: 'OPTIONS', path, headers })
  const asking = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  }

  it('of an allowed origin is answered at every address', async () => {
    const service = await startService(allowing)
    for (const path of [me, '/auth/bind', '/nowhere', '/trpc/%zz']) {
      const reply = await preflight(service, path, { origin, ...asking })
      expect([path, reply.status]).toEqual([path, 204])
      expect(Object.fromEntries(reply.headers)).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, HEAD, POST',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '600',
        vary: 'Origin, Access-Control-Request-Headers',
      })
    }
  })

  it('of another origin allows nothing, and other OPTIONS requests are no preflight', async () => {
    const service = await startService(allowing)
    const foreign = await preflight(service, me, { origin: 'https://evil.example', ...asking })
    const names = [...foreign.headers.keys()].filter((name) => name.startsWith('access-control'))
    expect([foreign.status, names]).toEqual([204, []])
    expect((await preflight(service, '/nowhere', {})).status).toBe(404)
    expect((await preflight(service, '/healthz', { origin })).status).toBe(405)
    const closed = await startService()
    expect((await preflight(closed, '/healthz', { origin, ...asking })).status).toBe(405)
  })
})

describe('what is no HTTP request', () => {
  async function sendRaw(service: TestService, request: string): Promise<string> {
    const socket = connect(Number(new URL(service.url()).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(request)
    return text(socket)
  }

  it.each([
    [400, 'GET /\x01 HTTP/1.1\r\nhost: a\r\n'],
    [400, 'GET / HTTP/1.1\r\nhost: a\r\nbad header: 1\r\n'],
    [400, 'NONSENSE / HTTP/1.1\r\nhost: a\r\n'],
    [431, `GET / HTTP/1.1\r\nhost: a\r\nx-long: ${'x'.repeat(20_000)}\r\n`],
  ])(
    'is refused with %i in the shape of the others, readable for an allowed origin',
    async (status, head) => {
      const service = await startService(allowing)
      const start = head.slice(0, head.indexOf('\n') + 1)
      const rest = head.slice(start.length)
      const reply = await sendRaw(service, `${start}origin: ${origin}\r\n${rest}\r\n`)
      const [headers = '', body = ''] = reply.split('\r\n\r\n')
      expect(headers).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      expect(headers).toContain('\r\ncache-control: no-store')
      expect(headers).toContain('\r\nvary: Origin')
      expect(headers).toContain(`\r\naccess-control-allow-origin: ${origin}\r\n`)
      const data = { reason: 'invalid_input', httpStatus: status }
      expect(JSON.parse(body)).toMatchObject({ error: { data } })
      const foreign = await sendRaw(service, `${start}origin: https://evil.example\r\n${rest}\r\n`)
      expect(foreign).not.toContain('access-control')
      expect((await send(service, { path: '/healthz' })).status).toBe(200)
    },
  )
})
