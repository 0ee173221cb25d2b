import { createTRPCClient, TRPCClientError } from '@trpc/client'
import { initTRPC, TRPCError } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkError, wxLink } from '../src/index.ts'
import { type RawServer, startRawServer } from './fixtures/raw-server.ts'
import { createTestPhone } from './fixtures/test-phone.ts'

/** Wraps each value, and uses `this`, as some transformers do. */
class Envelope {
  private readonly key = 'v1'
  serialize(value: unknown): unknown {
    return { [this.key]: value ?? null }
  }
  deserialize(value: Record<string, unknown>): unknown {
    if (!(this.key in value)) throw new Error('not in an envelope')
    return value[this.key]
  }
}
const transformer = new Envelope()

const t = initTRPC.create({ transformer })
const router = t.router({
  echo: t.procedure.input((input: unknown) => input as string[]).query(({ input }) => input),
  refuse: t.procedure.query((): string => {
    throw new TRPCError({ code: 'FORBIDDEN', message: 'not you' })
  }),
})

let server: RawServer
beforeAll(async () => {
  server = await startRawServer(createHTTPHandler({ router, basePath: '/trpc/' }))
})
afterAll(() => server.close())

const clientAt = (url: string) =>
  createTRPCClient<typeof router>({
    links: [wxLink({ url, request: createTestPhone().request, transformer })],
  })

it('sends and reads inputs, results and errors through the router’s transformer', async () => {
  const api = clientAt(server.url)
  const [echo, refusal] = await Promise.all([
    api.echo.query(['a', 'b']),
    api.refuse.query().catch((error: unknown) => error),
  ])
  expect(echo).toEqual(['a', 'b'])
  expect(refusal).toBeInstanceOf(TRPCClientError)
  expect(refusal).toMatchObject({ message: 'not you', data: { code: 'FORBIDDEN' } })
})

it('uses one transformer for inputs and another for results', async () => {
  const input = {
    serialize: (value: unknown) => `sent ${value}`,
    deserialize: (value: string) => value.replace('sent ', ''),
  }
  const output = {
    serialize: (value: unknown) => `got ${value}`,
    deserialize: (value: string) => value.replace('got ', ''),
  }
  const both = initTRPC.create({ transformer: { input, output } })
  const echo = both.procedure.input((value: unknown) => value as string).query((call) => call.input)
  const echoRouter = both.router({ echo })
  const handler = createHTTPHandler({ router: echoRouter, basePath: '/trpc/' })
  const echoServer = await startRawServer(handler)
  const phone = createTestPhone()
  const link = wxLink<typeof echoRouter>({
    url: echoServer.url,
    request: phone.request,
    transformer: { input, output },
  })
  const api = createTRPCClient<typeof echoRouter>({ links: [link] })
  const result = await api.echo.query('a')
  await echoServer.close()
  expect(result).toBe('a')
  expect(phone.sent[0]?.path).toBe(`/trpc/echo?input=${encodeURIComponent('"sent a"')}`)
})

it('rejects a subscription', async () => {
  const api = clientAt(server.url) as unknown as {
    echo: { subscribe(input: unknown, handlers: { onError(error: unknown): void }): unknown }
  }
  const error = await new Promise((resolve) => {
    api.echo.subscribe(undefined, { onError: resolve })
  })
  expect(error).toMatchObject({ cause: { message: expect.stringContaining('no subscription') } })
})

it('rejects a reply that the transformer cannot read as malformed', async () => {
  const plain = await startRawServer((_request, response) => response.end('{"result":{"data":{}}}'))
  const failure = await clientAt(plain.url).echo.query(['a']).catch(linkError)
  await plain.close()
  expect(failure).toMatchObject({ kind: 'malformed', statusCode: 200 })
})
