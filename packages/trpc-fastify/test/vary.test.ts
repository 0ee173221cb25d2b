import { initTRPC } from '@trpc/server'
import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { trpcFastify } from '../src/index.ts'

const t = initTRPC.create()
const router = t.router({
  hello: t.procedure.query(() => 'hello'),
  ticks: t.procedure.subscription(async function* () {
    yield 1
  }),
})

async function varyOf(
  url: string,
  { before, meta }: { before?: string | string[]; meta?: Record<string, string> } = {},
): Promise<unknown> {
  const app = fastify()
  onTestFinished(() => app.close())
  app.addHook('onRequest', async (_request, reply) => {
    if (before !== undefined) reply.header('vary', before)
  })
  const trpcOptions = { router, ...(meta && { responseMeta: () => ({ headers: meta }) }) }
  app.register(trpcFastify<typeof router>, { prefix: '/trpc', trpcOptions })
  const options = url.startsWith('HEAD ')
    ? ({ method: 'HEAD', url: url.slice(5) } as const)
    : { url }
  return (await app.inject(options)).headers['vary']
}

const own = 'trpc-accept, accept'

test.each([
  '/trpc/hello',
  '/trpc/hello,hello?batch=1',
  '/trpc/missing',
  // Answered by the official handler.
  '/trpc/ticks',
  '/trpc/hello?connectionParams=1',
])('what hooks have set stays in the vary of %s', async (url) => {
  expect(await varyOf(url)).toBe(own)
  expect(await varyOf(url, { before: 'Origin' })).toBe(`Origin, ${own}`)
  expect(await varyOf(url, { before: ['Origin', 'Accept'] })).toBe('Origin, Accept, trpc-accept')
})

test('what responseMeta sets comes after it, once', async () => {
  const meta = { vary: 'origin, x-lang' }
  expect(await varyOf('/trpc/hello', { meta })).toBe('origin, x-lang')
  for (const url of ['/trpc/hello', '/trpc/hello?connectionParams=1'])
    expect(await varyOf(url, { meta, before: 'Origin' })).toBe('Origin, x-lang')
})

test('a reply that has none keeps that of the hooks', async () => {
  expect(await varyOf('HEAD /trpc/hello')).toBeUndefined()
  expect(await varyOf('HEAD /trpc/hello', { before: 'Origin' })).toBe('Origin')
})
