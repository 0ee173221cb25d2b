import { initTRPC } from '@trpc/server'
import fastify, { type FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { afterEach, expect, test } from 'vitest'
import { trpcFastify } from '../src/index.ts'

const t = initTRPC.create()
const router = t.router({ hello: t.procedure.query(() => 'hello') })
const options = (prefix: string) => ({ prefix, trpcOptions: { router } })

const skipOverride = Symbol.for('skip-override')
afterEach(() => {
  // fastify-plugin marks the function itself.
  for (const mark of [
    skipOverride,
    Symbol.for('fastify.display-name'),
    Symbol.for('plugin-meta'),
    'default',
  ])
    Reflect.deleteProperty(trpcFastify, mark)
})

async function statuses(app: FastifyInstance): Promise<number[]> {
  const paths = ['/trpc/hello', '/api/trpc/hello', '/hello', '/trpc/trpc/hello']
  const found = []
  for (const url of paths) found.push((await app.inject(url)).statusCode)
  return found
}

test.each(['/trpc', 'trpc'])('it is served under its prefix %s', async (prefix) => {
  const app = fastify()
  app.register(trpcFastify<typeof router>, options(prefix))
  expect(await statuses(app)).toEqual([200, 404, 404, 404])
})

test('it is served under the prefixes of its scope', async () => {
  const app = fastify()
  app.register(async (scope) => scope.register(trpcFastify<typeof router>, options('/trpc')), {
    prefix: '/api',
  })
  expect(await statuses(app)).toEqual([404, 200, 404, 404])
})

test('wrapped in fastify-plugin it keeps its prefix', async () => {
  const app = fastify()
  app.register(plugin(trpcFastify<typeof router>), options('/trpc'))
  expect(await statuses(app)).toEqual([200, 404, 404, 404])
})

test('wrapped in fastify-plugin within a scope of the same prefix it keeps its own', async () => {
  const app = fastify()
  app.register(
    async (scope) => scope.register(plugin(trpcFastify<typeof router>), options('/trpc')),
    { prefix: '/trpc' },
  )
  expect(await statuses(app)).toEqual([404, 404, 404, 200])
})

test('wrapped with a scope of its own it keeps its prefix', async () => {
  const app = fastify()
  app.register(plugin(trpcFastify<typeof router>, { encapsulate: true }), options('/trpc'))
  expect(await statuses(app)).toEqual([200, 404, 404, 404])
})

test('called by a function that fastify-plugin wraps it keeps its prefix', async () => {
  const app = fastify()
  const wrapped = plugin<ReturnType<typeof options>>((scope, own, done) =>
    trpcFastify(scope, own, done),
  )
  app.register(wrapped, options('/trpc'))
  expect(await statuses(app)).toEqual([200, 404, 404, 404])
})

test('wrapped in fastify-plugin it leaves the body parsers of its parent alone', async () => {
  const app = fastify()
  app.register(plugin(trpcFastify<typeof router>), options('/trpc'))
  app.post('/echo', async ({ body }) => body)
  const reply = await app.inject({ method: 'POST', url: '/echo', payload: { a: 1 } })
  expect(reply.json()).toEqual({ a: 1 })
})

test('wrapped in fastify-plugin it runs the hooks of its parent, also later ones', async () => {
  const app = fastify()
  app.register(plugin(trpcFastify<typeof router>), options('/trpc'))
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-hook', 'ran')
  })
  expect((await app.inject('/trpc/hello')).headers['x-hook']).toBe('ran')
})
