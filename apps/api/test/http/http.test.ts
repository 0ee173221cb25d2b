import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { json } from 'node:stream/consumers'
import type { ErrorShape } from '@mianmi/contracts'
import { describe, expect, it } from 'vitest'
import { appId, startService } from '../harness.ts'

const jsonType = { 'content-type': 'application/json' }

async function post(url: string, body: string, headers: Record<string, string> = jsonType) {
  const response = await fetch(url, { method: 'POST', headers, body })
  const reply = (await response.json()) as { error: ErrorShape }
  return { status: response.status, headers: response.headers, body: reply }
}

describe('the service over HTTP', () => {
  it('answers a refusal with a reason, a fixed text and a trace id, and nothing else', async () => {
    const service = await startService()
    const input = JSON.stringify({ appId, code: 'made-up' })
    const { status, headers, body } = await post(`${service.url()}/trpc/miniLogin`, input)
    expect(status).toBe(400)
    expect(body).toEqual({
      error: {
        code: -32600,
        message: 'WeChat refuses the code; ask for a new one.',
        data: {
          code: 'BAD_REQUEST',
          httpStatus: 400,
          path: 'miniLogin',
          reason: 'code_rejected',
          traceId: headers.get('x-trace-id'),
        },
      },
    })
  })

  it.each([
    ['no JSON', '{"appId":', 400, 'invalid_input'],
    ['an unknown key', '{"appId":"wx1","code":"c","x":1}', 400, 'invalid_input'],
    ['a wrong type', '{"appId":1,"code":{}}', 400, 'invalid_input'],
    ['nothing', '', 400, 'invalid_input'],
    ['a prototype', '{"__proto__":{"code":"c"},"appId":"wx1"}', 400, 'invalid_input'],
  ])('%s as input is refused clearly', async (_title, input, status, reason) => {
    const service = await startService()
    const reply = await post(`${service.url()}/trpc/miniLogin`, input)
    expect(reply.body.error.data.reason).toBe(reason)
    expect(reply.status).toBe(status)
    expect(JSON.stringify(reply.body)).not.toMatch(/stack|node_modules/)
  })

  it('an unknown procedure, an unknown page and a wrong method are refused in the same shape', async () => {
    const service = await startService()
    for (const [method, path, status, reason, allow] of [
      ['GET', '/trpc/nothing', 404, 'not_found', null],
      ['GET', '/nothing', 404, 'not_found', null],
      ['POST', '/avatars', 404, 'not_found', null],
      ['GET', '/trpc/miniLogin', 405, 'method_not_allowed', 'POST'],
      ['POST', '/trpc/me', 405, 'method_not_allowed', 'GET'],
      ['POST', '/admin/trpc/overview', 405, 'method_not_allowed', 'GET'],
      ['POST', '/healthz', 405, 'method_not_allowed', 'GET, HEAD'],
      ['DELETE', '/avatars/x.png', 405, 'method_not_allowed', 'GET, HEAD'],
      ['DELETE', '/avatars/x/y.png', 404, 'not_found', null],
      ['PUT', '/admin/people', 405, 'method_not_allowed', 'GET, HEAD'],
    ] as const) {
      const response = await fetch(`${service.url()}${path}`, {
        method,
        headers: method === 'POST' ? { 'content-type': 'application/json' } : {},
        ...(method === 'POST' ? { body: '{}' } : {}),
      })
      expect([path, response.status, response.headers.get('allow')]).toEqual([path, status, allow])
      expect(await response.json()).toMatchObject({ error: { data: { reason } } })
    }
  })

  it('every reply to a wrong method lists the right ones, whatever the request holds', async () => {
    const service = await startService()
    const types = [
      'application/json',
      'application/octet-stream',
      'multipart/form-data; boundary=x',
    ]
    for (const path of [
      '/trpc/me',
      '/trpc/miniLogin',
      '/admin/trpc/overview',
      '/auth/bind',
      '/docs',
    ])
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])
        for (const type of [...types, 'text/plain', undefined]) {
          const options = { method, headers: type === undefined ? {} : { 'content-type': type } }
          const sent = request(`${service.url()}${path}`, options).end()
          const [response] = (await once(sent, 'response')) as [IncomingMessage]
          response.resume()
          const what = `${method} ${path} ${type} ${response.statusCode}`
          if (response.statusCode === 405) expect(response.headers.allow, what).toMatch(/GET|POST/)
          else expect([200, 400, 401, 415], what).toContain(response.statusCode)
          expect(response.headers.allow ?? '', what).not.toMatch(/TRACE|PUT|DELETE/)
        }
  })

  it.each([
    ['TRACE', { method: 'TRACE' }],
    ['a Host that is none', { headers: { host: '127.x.0.1' } }],
    ['a Host with a user name', { headers: { host: 'ming@127.0.0.1' } }],
  ])('%s, for which no Request can be created, gets a 400', async (_title, options) => {
    const service = await startService()
    const sent = request(`${service.url()}/trpc/me`, options).end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(400)
    expect(await json(response)).toMatchObject({ error: { data: { reason: 'invalid_input' } } })
  })

  it('a form from a web page runs nothing', async () => {
    const service = await startService()
    for (const type of [
      'multipart/form-data; boundary=x',
      'text/plain',
      'application/x-www-form-urlencoded',
    ]) {
      const reply = await post(`${service.url()}/trpc/session.signOut`, '--x--', {
        'content-type': type,
      })
      expect(reply.body.error.data.reason, type).toBe('unsupported_media_type')
      expect(reply.status).toBe(415)
    }
  })

  it('a batch holds ten calls and no more', async () => {
    const service = await startService()
    const me = (count: number) =>
      fetch(`${service.url()}/trpc/${Array(count).fill('me').join(',')}?batch=1&input=%7B%7D`)
    expect(await (await me(10)).json()).toHaveLength(10)
    const eleven = await me(11)
    expect(eleven.status).toBe(400)
  })

  it('serves other origins only where they are allowed', async () => {
    const service = await startService({ ALLOWED_ORIGINS: 'https://app.example' })
    const allowed = async (origin: string) => {
      const response = await fetch(`${service.url()}/healthz`, { headers: { origin } })
      return response.headers.get('access-control-allow-origin')
    }
    expect(await allowed('https://app.example')).toBe('https://app.example')
    expect(await allowed('https://evil.example')).toBeNull()
  })

  it('is alive, is ready, and is not ready without its database', async () => {
    const service = await startService()
    const status = async (path: string) => (await fetch(`${service.url()}${path}`)).status
    expect(await status('/healthz')).toBe(200)
    expect(await status('/readyz')).toBe(200)
    service.database().close()
    expect(await status('/readyz')).toBe(503)
    expect(await status('/healthz')).toBe(200)
  })

  it('serves probes, metrics and the console while it sheds load', async () => {
    const service = await startService({ SHED_LOAD_AFTER: '500' })
    const status = async (path: string) => (await fetch(`${service.url()}${path}`)).status
    // Blocks the event loop, as overload does.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000)
    expect(await status('/trpc/me')).toBe(503)
    for (const path of ['/healthz', '/readyz', '/metrics', '/admin/', '/admin/people'])
      expect(await status(path), path).toBe(200)
    expect(await status('/.well-known/jwks.json')).toBe(503)
  })

  it('sheds no load while the delay is below SHED_LOAD_AFTER', async () => {
    const service = await startService({ SHED_LOAD_AFTER: '100000' })
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000)
    expect((await fetch(`${service.url()}/.well-known/jwks.json`)).status).toBe(200)
  })
})
