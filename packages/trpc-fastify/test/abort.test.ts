import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { initTRPC } from '@trpc/server'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { trpcFastify } from '../src/index.ts'

interface Context {
  readonly signal: AbortSignal | undefined
}

const t = initTRPC.context<Context>().create()

let app: FastifyInstance | undefined
afterEach(async () => {
  vi.restoreAllMocks()
  await app?.close()
})

const adapters = { direct: trpcFastify, official: fastifyTRPCPlugin } as const

/** Serves a router by the named adapter. `called` resolves with the signal of the first call. */
async function serve(adapter: keyof typeof adapters) {
  const called = withResolvers<AbortSignal>()
  const entered = withResolvers<void>()
  const disconnected = withResolvers<void>()
  const requests: FastifyRequest[] = []
  const kept: { readonly signal: AbortSignal | undefined }[] = []
  const router = t.router({
    wait: t.procedure.query(async ({ signal }) => {
      if (signal === undefined) throw new Error('no signal')
      called.resolve(signal)
      await once(signal, 'abort')
    }),
    waitByContext: t.procedure.query(async ({ ctx: { signal } }) => {
      if (signal === undefined) throw new Error('no signal')
      called.resolve(signal)
      await once(signal, 'abort')
    }),
    take: t.procedure.query(({ signal }) => {
      if (signal !== undefined) called.resolve(signal)
    }),
    hello: t.procedure.query(() => 'hello'),
    waitThenRead: t.procedure.query(async (options) => {
      entered.resolve()
      await disconnected.promise
      if (options.signal !== undefined) called.resolve(options.signal)
    }),
    hold: t.procedure.query(async ({ signal }) => {
      if (signal !== undefined) await once(signal, 'abort')
    }),
    keepOptions: t.procedure.query((options) => {
      kept.push(options)
      return 'kept'
    }),
    sameSignal: t.procedure.query(({ signal, ctx }) => signal === ctx.signal),
  })
  app = fastify({ forceCloseConnections: true })
  app.register(adapters[adapter], {
    prefix: '/trpc',
    trpcOptions: {
      router,
      createContext: ({ info, req }: { info: { signal: AbortSignal }; req: FastifyRequest }) => {
        requests.push(req)
        return { signal: /ByContext|same/.test(req.url) ? info.signal : undefined }
      },
    },
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { port, requests, kept, called: called.promise, entered: entered.promise, disconnected }
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}

function send(port: number, ...paths: string[]) {
  const socket = connect(port, '127.0.0.1')
  for (const path of paths) socket.write(`GET /trpc/${path} HTTP/1.1\r\nhost: a\r\n\r\n`)
  return socket
}

describe.each(['direct', 'official'] as const)('behind %s', (adapter) => {
  test.each(['wait', 'waitByContext', 'wait,hello?batch=1'])(
    'a call of %s is aborted when the client disconnects',
    async (path) => {
      const { port, called } = await serve(adapter)
      const socket = send(port, path)
      const signal = await called
      expect(signal.aborted).toBe(false)
      const aborted = once(signal, 'abort')
      socket.destroy()
      await aborted
      expect(signal.reason).toMatchObject({ name: 'AbortError' })
    },
  )

  test('a call that was answered is not aborted when the connection closes', async () => {
    const { port, called } = await serve(adapter)
    const connected = once(app?.server ?? process, 'connection')
    const socket = send(port, 'take')
    const signal = await called
    const [serverSide] = await connected
    await once(socket, 'data')
    const closed = once(serverSide, 'close')
    socket.destroy()
    await closed
    expect(signal.aborted).toBe(false)
  })

  test('a signal that is first read after the client has disconnected is aborted', async () => {
    const { port, called, entered, disconnected } = await serve(adapter)
    const connected = once(app?.server ?? process, 'connection')
    const socket = send(port, 'waitThenRead')
    const [serverSide] = await connected
    await entered
    const closed = once(serverSide, 'close')
    socket.destroy()
    await closed
    disconnected.resolve()
    expect((await called).aborted).toBe(true)
  })

  test('a pipelined call is aborted before its turn', async () => {
    const { port, called } = await serve(adapter)
    const first = send(port, 'hello', 'wait')
    const signal = await called
    const aborted = once(signal, 'abort')
    first.destroy()
    await aborted
    expect(signal.aborted).toBe(true)
  })
})

test('no AbortController is created for a call that does not read its signal', async () => {
  const { port } = await serve('direct')
  const made = vi.spyOn(globalThis, 'AbortController')
  const socket = send(port, 'hello')
  expect(String(await once(socket, 'data'))).toContain('hello')
  socket.destroy()
  expect(made).not.toHaveBeenCalled()
})

test('a pipelined call is aborted while the call before it is still running', async () => {
  const { port, called } = await serve('direct')
  const socket = send(port, 'hold', 'wait')
  const signal = await called
  const aborted = once(signal, 'abort')
  socket.destroy()
  await aborted
  expect(signal.aborted).toBe(true)
})

test('a signal that is first read after the reply is not aborted', async () => {
  const { port, kept } = await serve('direct')
  const connected = once(app?.server ?? process, 'connection')
  const socket = send(port, 'keepOptions')
  const [serverSide] = await connected
  await once(socket, 'data')
  const closed = once(serverSide, 'close')
  socket.destroy()
  await closed
  expect(kept.map(({ signal }) => signal?.aborted)).toEqual([false])
})

test('all readers of one request get the same signal', async () => {
  const { port } = await serve('direct')
  const socket = send(port, 'sameSignal,sameSignal?batch=1')
  expect(String(await once(socket, 'data'))).toContain(
    '[{"result":{"data":true}},{"result":{"data":true}}]',
  )
  socket.destroy()
})

test('no listener remains after the reply', async () => {
  const { port, requests } = await serve('direct')
  const socket = send(port, 'hello')
  await once(socket, 'data')
  const [unread] = requests
  const expected = unread?.raw.listenerCount('aborted')
  socket.write('GET /trpc/take HTTP/1.1\r\nhost: a\r\n\r\n')
  await once(socket, 'data')
  const read = requests[1]
  expect(read?.raw.listenerCount('aborted')).toBe(expected)
  socket.destroy()
})
