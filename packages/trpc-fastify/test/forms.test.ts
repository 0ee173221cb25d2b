import type { AddressInfo } from 'node:net'
import { initTRPC } from '@trpc/server'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { trpcFastify } from '../src/index.ts'

const t = initTRPC.create({ isDev: false })

const apps: FastifyInstance[] = []
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
})

async function serve(adapter: 'official' | 'direct', allowFormData?: boolean) {
  const cleared: string[] = []
  const failed: string[] = []
  const router = t.router({
    clear: t.procedure.mutation(() => {
      cleared.push(adapter)
      return 'cleared'
    }),
    upload: t.procedure
      .input((value) => {
        if (value instanceof FormData) return value
        throw new Error('no form')
      })
      .mutation(({ input }) => input.get('name')),
  })
  const app = fastify()
  const trpcOptions = {
    router,
    onError: ({ error }: { error: { code: string } }) => {
      failed.push(error.code)
    },
  }
  const prefix = '/trpc'
  if (adapter === 'official')
    app.register(fastifyTRPCPlugin<typeof router>, { prefix, trpcOptions })
  else
    app.register(trpcFastify<typeof router>, {
      prefix,
      trpcOptions,
      ...(allowFormData !== undefined && { allowFormData }),
    })
  apps.push(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/trpc`
  return { url, cleared, failed }
}

function post(url: string): Promise<Response> {
  const body = new FormData()
  body.set('name', 'ann')
  return fetch(url, { method: 'POST', body })
}

test('a form is refused with 415 and runs no mutation', async () => {
  const { url, cleared, failed } = await serve('direct')
  const reply = await post(`${url}/clear`)
  expect(reply.status).toBe(415)
  expect(reply.headers.get('connection')).toBe('close')
  expect(await reply.json()).toEqual({
    error: {
      code: -32015,
      data: { code: 'UNSUPPORTED_MEDIA_TYPE', httpStatus: 415 },
      message: expect.stringMatching(/^Unsupported content-type "multipart\/form-data; boundary=/),
    },
  })
  expect(cleared).toEqual([])
  expect(failed).toEqual(['UNSUPPORTED_MEDIA_TYPE'])
})

test('a form gets the same reply as another unsupported content type', async () => {
  const official = await serve('official')
  const direct = await serve('direct')
  const headers = { 'content-type': 'text/plain' }
  const expected = await fetch(`${official.url}/clear`, { method: 'POST', headers, body: 'a' })
  const actual = await post(`${direct.url}/clear`)
  expect(actual.status).toBe(expected.status)
  expect(actual.headers.get('content-type')).toBe(expected.headers.get('content-type'))
  const neutral = (text: string) => text.replace(/Unsupported content-type \\"[^"]*"/, '')
  expect(neutral(await actual.text())).toBe(neutral(await expected.text()))
})

test('a form is accepted with allowFormData', async () => {
  const { url } = await serve('direct', true)
  const reply = await post(`${url}/upload`)
  expect(await reply.json()).toEqual({ result: { data: 'ann' } })
})
