import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { admin, startWithAdministrator } from '../admin/client.ts'
import { appId, type TestService } from '../harness.ts'

const limit = 64 * 1024

interface Route {
  readonly path: string
  /** An input that is accepted. */
  readonly input: (service: TestService) => Promise<object>
  /** How the body of a refusal begins. */
  readonly refusal: string
}

const withCode = async (service: TestService) => ({ appId, code: await service.code('ming') })
const routes: Readonly<Record<string, Route>> = {
  tRPC: { path: '/trpc/miniLogin', input: withCode, refusal: '{"error":{' },
  'admin tRPC': {
    path: '/admin/trpc/account.signIn',
    input: async () => admin,
    refusal: '{"error":{',
  },
  'plain HTTP': { path: '/auth/miniLogin', input: withCode, refusal: '{"success":false,' },
}

async function post(service: TestService, path: string, sent: { body: string; length?: number }) {
  const { body, length } = sent
  const headers = {
    'content-type': 'application/json',
    origin: service.url(),
    // Without a length the body is sent in chunks.
    ...(length === undefined ? {} : { 'content-length': length }),
  }
  const posted = request(`${service.url()}${path}`, { method: 'POST', headers })
  posted.write(body)
  if (length === undefined || body.length === length) posted.end()
  const [response] = (await once(posted, 'response')) as [IncomingMessage]
  const reply = { status: response.statusCode, body: await text(response) }
  posted.destroy()
  return reply
}

const cases = Object.entries(routes).flatMap(([kind, route]) =>
  [true, false].map((hasLength) => [kind, hasLength ? 'a length' : 'chunks', route] as const),
)

it.each(cases)(
  '%s with %s takes a body of 64 KiB, and none of a byte more',
  async (_kind, how, route) => {
    const service = await startWithAdministrator()
    const bodyOf = async (bytes: number) => {
      const body = JSON.stringify(await route.input(service)).padEnd(bytes, ' ')
      return { body, ...(how === 'chunks' ? {} : { length: bytes }) }
    }
    expect((await post(service, route.path, await bodyOf(limit))).status).toBe(200)
    const refused = await post(service, route.path, await bodyOf(limit + 1))
    expect(refused.status).toBe(400)
    expect(refused.body).toContain('"reason":"invalid_input"')
    expect(refused.body.slice(0, route.refusal.length)).toBe(route.refusal)
  },
)

it.each(Object.entries(routes))(
  '%s refuses a longer body before it is read',
  async (_kind, route) => {
    const service = await startWithAdministrator()
    const refused = await post(service, route.path, { body: '{', length: limit + 1 })
    expect(refused.status).toBe(400)
    expect(refused.body).toContain('"reason":"invalid_input"')
  },
)
