import { initTRPC } from '@trpc/server'
import fastify from 'fastify'
import { expect, test, vi } from 'vitest'
import { trpcFastify } from '../src/index.ts'

const t = initTRPC.context<{ name: string }>().create()
const router = t.router({
  hello: t.procedure.query(({ ctx }) => `hello ${ctx.name}`),
  events: t.procedure.subscription(async function* () {
    yield 1
  }),
})

async function serve(load: () => Promise<typeof router>) {
  const app = fastify()
  const createContext = () => ({ name: 'ming' })
  app.register(trpcFastify<typeof router>, {
    prefix: '/trpc',
    trpcOptions: { router: load, createContext },
  })
  await app.ready()
  return app
}

test('a router that is a function is loaded at the first request, once', async () => {
  const load = vi.fn(async () => router)
  const app = await serve(load)
  expect(load).not.toHaveBeenCalled()
  for (const path of ['hello', 'hello?batch=1', 'unknown']) await app.inject(`/trpc/${path}`)
  const { statusCode, json } = await app.inject('/trpc/hello')
  expect([statusCode, json()]).toEqual([200, { result: { data: 'hello ming' } }])
  expect(load).toHaveBeenCalledTimes(1)
})

test('what the official handler answers is answered by a loaded router too', async () => {
  const app = await serve(async () => router)
  const { statusCode, body } = await app.inject('/trpc/events')
  expect(statusCode).toBe(200)
  expect(body).toContain('data: 1')
})

test('a router that cannot be loaded fails the request, and the next request tries again', async () => {
  const load = vi.fn(async () => router)
  load.mockRejectedValueOnce(new Error('the file cannot be read'))
  const app = await serve(load)
  expect((await app.inject('/trpc/hello')).statusCode).toBe(500)
  expect((await app.inject('/trpc/hello')).statusCode).toBe(200)
  expect(load).toHaveBeenCalledTimes(2)
})
