import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WxLinkOptions } from '../src/index.ts'
import { clients } from './fixtures/clients.ts'
import { createTestPhone, type TestPhone } from './fixtures/test-phone.ts'
import { startServer, type TestRouter, type TestServer } from './fixtures/trpc-server.ts'

describe.each(clients)('with $name', ({ createClient, wxLink }) => {
  let server: TestServer
  let phone: TestPhone

  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.close())
  beforeEach(() => {
    phone = createTestPhone()
  })

  const client = (options: Partial<WxLinkOptions<TestRouter>> = {}) =>
    createClient({
      links: [wxLink({ url: server.url, request: phone.request, ...options })],
    })

  const paths = () => phone.sent.map((sent) => decodeURIComponent(sent.path))

  describe('a single call', () => {
    it('sends a query as GET with its input in the URL', async () => {
      await expect(client().greet.query({ name: '小明 & co' })).resolves.toEqual({
        text: 'hello 小明 & co',
      })
      expect(paths()).toEqual(['/trpc/greet?input={"name":"小明 & co"}'])
      expect(phone.sent[0]).toMatchObject({ method: 'GET', body: undefined, dataType: 'text' })
    })

    it('sends a mutation as POST with a JSON body', async () => {
      await expect(client().count.mutate({ by: 1 })).resolves.toBe(2)
      expect(phone.sent).toEqual([
        {
          method: 'POST',
          path: '/trpc/count',
          header: { 'content-type': 'application/json' },
          body: '{"by":1}',
          dataType: 'text',
        },
      ])
    })

    it('sends an array as input', async () => {
      await client()
        .greet.query([1] as never)
        .catch(() => undefined)
      expect(paths()).toEqual(['/trpc/greet?input=[1]'])
    })

    it('works without input and without output', async () => {
      await expect(client().nothing.mutate()).resolves.toBeUndefined()
      await expect(client().ping.query()).resolves.toBe('pong')
      await expect(client().nested.deep.query()).resolves.toBe('found')
    })

    it('keeps the query string of the configured URL', async () => {
      await client({ url: `${server.url}/?v=1` }).greet.query({ name: 'x' })
      expect(paths()).toEqual(['/trpc/greet?v=1&input={"name":"x"}'])
    })

    it("rejects with the server's error and its data", async () => {
      await expect(client().refuse.query()).rejects.toMatchObject({
        name: 'TRPCClientError',
        message: 'not you',
        data: { code: 'FORBIDDEN', httpStatus: 403 },
        meta: { response: { statusCode: 403, header: { 'content-type': 'application/json' } } },
      })
    })
  })

  describe('calls of one tick', () => {
    it('share a request, one for queries and one for mutations', async () => {
      const api = client()
      const results = await Promise.all([
        api.greet.query({ name: 'a' }),
        api.count.mutate({ by: 1 }),
        api.ping.query(),
        api.nothing.mutate(),
      ])
      expect(results).toEqual([{ text: 'hello a' }, 2, 'pong', undefined])
      expect(paths()).toEqual([
        '/trpc/greet,ping?batch=1&input={"0":{"name":"a"}}',
        '/trpc/count,nothing?batch=1',
      ])
      expect(phone.sent[1]?.body).toBe('{"0":{"by":1}}')
    })

    it('succeed and fail independently', async () => {
      const api = client()
      const [good, bad] = await Promise.allSettled([api.ping.query(), api.refuse.query()])
      expect(good).toEqual({ status: 'fulfilled', value: 'pong' })
      expect(bad).toMatchObject({ reason: { message: 'not you' } })
      expect(phone.sent).toHaveLength(1)
    })

    it('are at most ten in a request by default', async () => {
      const countRequests = async (api: ReturnType<typeof client>) => {
        phone.sent = []
        await Promise.all(Array.from({ length: 21 }, () => api.ping.query()))
        return phone.sent.length
      }
      expect(await countRequests(client())).toBe(3)
      expect(await countRequests(client({ batch: { maxItems: 2 } }))).toBe(11)
      expect(await countRequests(client({ batch: false }))).toBe(21)
    })

    it('are split before the URL is longer than maxURLLength', async () => {
      const api = client()
      const name = 'n'.repeat(900)
      await Promise.all(Array.from({ length: 3 }, () => api.greet.query({ name })))
      expect(phone.sent).toHaveLength(2)
      for (const sent of phone.sent) expect(server.url.length + sent.path.length).toBeLessThan(2100)
    })

    it('are sent alone when one URL is too long by itself', async () => {
      const name = 'n'.repeat(3000)
      await expect(client().greet.query({ name })).resolves.toEqual({ text: `hello ${name}` })
    })
  })

  describe('headers', () => {
    it('may be an object, or a function that returns an object or a promise', async () => {
      const fixed = client({ headers: { 'X-App': 'one' } })
      const later = client({ headers: async () => ({ 'x-app': 'two', 'x-none': undefined }) })
      expect(await fixed.header.query('x-app')).toBe('one')
      expect(await later.header.query('x-app')).toBe('two')
    })

    it('are overridden by those in the context of a call, in any case of the names', async () => {
      const api = client({ headers: { Authorization: 'old' } })
      const context = { headers: { authorization: 'Bearer new' } }
      expect(await api.header.query('authorization', { context })).toBe('Bearer new')
    })

    it('separate calls with different headers', async () => {
      const api = client()
      const results = await Promise.all([
        api.header.query('x-who', { context: { headers: { 'x-who': 'a' } } }),
        api.header.query('x-who'),
        api.header.query('x-who', { context: { headers: { 'X-Who': 'a' } } }),
      ])
      expect(results).toEqual(['a', null, 'a'])
      expect(phone.sent).toHaveLength(2)
    })

    it('keep calls in one request where only their order and the case of names differ', async () => {
      const api = client()
      const first = { 'x-who': 'a', 'x-where': 'b' }
      const second = { 'X-Where': 'b', 'x-who': 'a' }
      await Promise.all(
        [first, second].map((headers) => api.header.query('x-who', { context: { headers } })),
      )
      expect(phone.sent).toHaveLength(1)
    })

    it('that fail reject the call with the same error', async () => {
      const cause = new Error('no storage')
      const api = client({ headers: () => Promise.reject(cause) })
      await expect(api.ping.query()).rejects.toMatchObject({ message: 'no storage', cause })
      expect(phone.sent).toEqual([])
    })
  })
})
