import { initTRPC } from '@trpc/server'
import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { trpcFastify } from '../src/index.ts'

test('the inputs of a batch are parsed once', async () => {
  let parsed = 0
  const transformer = {
    serialize: (value: unknown) => value,
    deserialize: (value: unknown) => {
      parsed += 1
      return value
    },
  }
  const t = initTRPC.create({ transformer })
  const router = t.router({
    echo: t.procedure.input((value) => value).query(({ input }) => input),
  })
  const app = fastify()
  onTestFinished(() => app.close())
  app.register(trpcFastify<typeof router>, { prefix: '/trpc', trpcOptions: { router } })
  const input = encodeURIComponent('{"0":"a","1":"b"}')
  const reply = await app.inject({ url: `/trpc/echo,echo?batch=1&input=${input}` })
  expect(reply.json()).toEqual([{ result: { data: 'a' } }, { result: { data: 'b' } }])
  expect(parsed).toBe(2)
})
