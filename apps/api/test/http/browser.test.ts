import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { expect, it } from 'vitest'
import { register, startService } from '../harness.ts'

const opened = [
  '/docs',
  '/openapi.json',
  '/healthz',
  '/readyz',
  '/metrics',
  '/.well-known/jwks.json',
  '/nowhere',
  '/%zz',
  '/auth/queryUserNow',
  '/auth/nowhere',
  '/trpc/me',
  '/trpc/nothing',
  '/trpc/me,me?batch=1',
  '/avatars/none',
]

it.each(opened)('the reply at %s forbids scripts, framing and referrers', async (path) => {
  const service = await startService({ ISSUER: 'https://id.example' })
  const { headers } = await fetch(`${service.url()}${path}`)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
  const policy = headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe')
})

it('no Strict-Transport-Security is sent without an https issuer', async () => {
  const service = await startService()
  const { headers } = await fetch(`${service.url()}/docs`)
  expect(headers.get('strict-transport-security')).toBeNull()
})

it('a call with a token gets nosniff only', async () => {
  const service = await startService()
  const { tokens } = await register(service, 'ming', 'ming')
  const authorization = `Bearer ${tokens.accessToken}`
  const { headers } = await fetch(`${service.url()}/trpc/me`, { headers: { authorization } })
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(headers.get('content-security-policy')).toBeNull()
})

it('no cross-origin read is allowed where no origin is, and credentials only to those that are', async () => {
  const evil = { origin: 'https://evil.example' }
  const alone = await startService()
  const allowing = await startService({ ALLOWED_ORIGINS: 'https://app.example' })
  for (const service of [alone, allowing])
    for (const path of opened.filter((each) => !each.startsWith('/avatars'))) {
      const { headers } = await fetch(`${service.url()}${path}`, { headers: evil })
      expect(headers.get('access-control-allow-origin'), path).toBeNull()
    }
})

it.each([
  ['headers', '/trpc/me', { 'x-long': 'x'.repeat(20_000) }],
  ['an address', `/trpc/me?input=${'x'.repeat(20_000)}`, {}],
])('%s of more than 16 KiB ends the connection with 431', async (_title, path, headers) => {
  const service = await startService()
  const sent = request(`${service.url()}${path}`, { headers }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  expect(response.resume().statusCode).toBe(431)
  expect((await fetch(`${service.url()}/healthz`)).status).toBe(200)
})
