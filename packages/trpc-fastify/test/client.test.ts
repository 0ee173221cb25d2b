import type { AddressInfo } from 'node:net'
import {
  createTRPCClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  TRPCClientError,
} from '@trpc/client'
import { initTRPC, lazy, TRPCError } from '@trpc/server'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { trpcFastify } from '../src/index.ts'

const t = initTRPC.create()
const router = t.router({
  add: t.procedure
    .input(z.object({ a: z.number(), b: z.number() }))
    .query(({ input }) => input.a + input.b),
  save: t.procedure.input(z.string()).mutation(({ input }) => `saved ${input}`),
  refuse: t.procedure.query(() => {
    throw new TRPCError({ code: 'CONFLICT', message: 'taken' })
  }),
  count: t.procedure.query(async function* () {
    yield 1
    yield 2
  }),
  later: lazy(async () => t.router({ on: t.procedure.query(() => 'loaded') })),
})

let app: FastifyInstance
let url = ''

beforeAll(async () => {
  app = fastify()
  // A slow hook reveals a reply that is sent twice, or before its hooks have run.
  app.addHook('onSend', async (_request, reply, payload) => {
    await Promise.resolve()
    reply.header('x-sent', typeof payload)
    return payload
  })
  app.register(trpcFastify<typeof router>, { prefix: '/trpc', trpcOptions: { router } })
  await app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/trpc`
})
afterAll(() => app.close())

test.each([httpLink, httpBatchLink, httpBatchStreamLink])(
  "tRPC's client works through its link %#",
  async (link) => {
    const client = createTRPCClient<typeof router>({ links: [link({ url })] })
    expect(
      await Promise.all([client.add.query({ a: 1, b: 2 }), client.add.query({ a: 3, b: 4 })]),
    ).toEqual([3, 7])
    expect(await client.save.mutate('x')).toBe('saved x')
    const refused = await client.refuse.query().catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(TRPCClientError)
    expect(refused).toMatchObject({ message: 'taken', data: { httpStatus: 409 } })
  },
)

test('a stream is passed to the official handler', async () => {
  const client = createTRPCClient<typeof router>({ links: [httpBatchStreamLink({ url })] })
  const counted: number[] = []
  for await (const each of await client.count.query()) counted.push(each)
  expect(counted).toEqual([1, 2])
})

test('a lazy router is not passed to the official handler once it is loaded', async () => {
  const lengths: (string | null)[] = []
  const noting = async (input: string | URL | Request, init?: object) => {
    const reply = await fetch(input, init)
    lengths.push(reply.headers.get('content-length'))
    return reply
  }
  const client = createTRPCClient<typeof router>({ links: [httpLink({ url, fetch: noting })] })
  expect(await client.later.on.query()).toBe('loaded')
  expect(await client.later.on.query()).toBe('loaded')
  expect(lengths).toEqual([null, '28'])
})

test('onSend hooks run once for each reply and see a string', async () => {
  const reply = await fetch(`${url}/save`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '"x"',
  })
  expect(reply.headers.get('x-sent')).toBe('string')
  expect(reply.headers.get('content-length')).toBe('29')
  expect(await reply.json()).toEqual({ result: { data: 'saved x' } })
})
