import { expect, it } from 'vitest'
import { appId, register, startService } from '../harness.ts'

it('a connection stays open for longer than the 60 s after which load balancers close theirs', async () => {
  const service = await startService()
  const response = await fetch(`${service.url()}/healthz`)
  expect(response.headers.get('keep-alive')).toBe('timeout=65')
})

it('the keys may be kept for five minutes, and hold no private half', async () => {
  const service = await startService()
  const response = await fetch(`${service.url()}/.well-known/jwks.json`)
  expect(response.headers.get('cache-control')).toBe('public, max-age=300')
  expect(await response.json()).toEqual({
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        x: expect.stringMatching(/^[\w-]{43}$/),
        y: expect.stringMatching(/^[\w-]{43}$/),
        kid: expect.stringMatching(/^[\w-]{43}$/),
        alg: 'ES256',
        use: 'sig',
      },
    ],
  })
})

it.each([
  '127.0.0.1',
  '10.0.0.0/8',
  '0.0.0.0/1',
  '::1',
  'fd00::/8',
  '::/1',
  '::ffff:10.0.0.1',
  '::1.2.3.4',
])('the service starts with %s as the only trusted proxy', async (TRUST_PROXY) => {
  const service = await startService({ TRUST_PROXY })
  expect((await fetch(`${service.url()}/healthz`)).status).toBe(200)
})

it('each request has a trace id of its own', async () => {
  const service = await startService()
  const traceId = async () => (await fetch(`${service.url()}/healthz`)).headers.get('x-trace-id')
  const ids = [await traceId(), await traceId(), await traceId()]
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(new Set(ids).size).toBe(3)
})

it('a batch of ten procedures with long names fits into the address', async () => {
  const service = await startService()
  const path = Array(10).fill('account.updateProfile').join(',')
  const response = await fetch(`${service.url()}/trpc/${path}?batch=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(Array.from({ length: 10 }, (_, at) => [at, {}]))),
  })
  const replies = (await response.json()) as { error: { data: { reason: string } } }[]
  expect(replies.map(({ error }) => error.data.reason)).toEqual(Array(10).fill('unauthenticated'))
})

it('the list of sessions shows the first 200 characters of a device', async () => {
  const service = await startService()
  const { tokens } = await register(service, 'ming', 'ming')
  const device = `${'x'.repeat(199)}yz`
  const sent = await fetch(`${service.url()}/trpc/miniLogin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': device },
    body: JSON.stringify({ appId, code: await service.code('ming') }),
  })
  expect(sent.status).toBe(200)
  const { sessions } = await service.client(tokens.accessToken).session.list.query()
  expect(sessions.map((session) => session.device)).toEqual([device.slice(0, 200), 'node'])
})
