import { initTRPC, TRPCError } from '@trpc/server'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { afterEach, describe, expect, test } from 'vitest'
import { trpcFastify } from '../src/index.ts'

interface Context {
  readonly req: FastifyRequest
  readonly res: FastifyReply
}

const t = initTRPC.context<Context>().create()
const createRouter = () =>
  t.router({
    hello: t.procedure.query(() => 'hello'),
    body: t.procedure.mutation(({ ctx: { req } }) => [typeof req.body, 'body' in req.raw]),
    answered: t.procedure.query(({ ctx: { res } }) => {
      res.redirect('/elsewhere')
    }),
    fails: t.procedure.query(() => {
      throw new TRPCError({ code: 'CONFLICT' })
    }),
    failsLater: t.procedure
      .use(async ({ next }) => next())
      .query(() => {
        throw new TRPCError({ code: 'FORBIDDEN' })
      }),
  })

type Adapter = 'official' | 'direct'
type Options = Parameters<typeof fastifyTRPCPlugin<ReturnType<typeof createRouter>>>[1]

const apps: FastifyInstance[] = []
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
  for (const adapter of [trpcFastify, fastifyTRPCPlugin])
    for (const mark of [Symbol.for('skip-override'), Symbol.for('plugin-meta'), 'default'])
      Reflect.deleteProperty(adapter, mark)
})

function serve(adapter: Adapter, { prepare }: { prepare?: (app: FastifyInstance) => void } = {}) {
  const seen = { keys: [] as string[], errors: [] as string[] }
  const router = createRouter()
  const trpcOptions = {
    router,
    createContext: (options: Context) => {
      seen.keys = Object.keys(options).sort()
      return options
    },
    onError: ({ error }: { error: TRPCError }) => seen.errors.push(error.code),
    responseMeta: () => ({ headers: { 'x-meta': 'set' } }),
  } as unknown as Options['trpcOptions']
  const options = { prefix: '/trpc', trpcOptions }
  const app = fastify()
  apps.push(app)
  prepare?.(app)
  const register = (wrap: (adapter: typeof trpcFastify) => typeof trpcFastify = (each) => each) => {
    const chosen = adapter === 'direct' ? trpcFastify : (fastifyTRPCPlugin as typeof trpcFastify)
    app.register(wrap(chosen), options)
  }
  return { app, seen, router, options, register }
}

/** What a check gives for each of the adapters. */
async function both<T>(check: (adapter: Adapter) => Promise<T>): Promise<Record<Adapter, T>> {
  return { official: await check('official'), direct: await check('direct') }
}

describe('the differences from the official adapter', () => {
  test('a reply has a length', async () => {
    const length = await both(async (adapter) => {
      const { app, register } = serve(adapter)
      register()
      return (await app.inject('/trpc/hello')).headers['content-length']
    })
    expect(length).toEqual({ official: undefined, direct: '27' })
  })

  test('onSend hooks see a string, the status and the headers', async () => {
    const seen = await both(async (adapter) => {
      const payloads: unknown[] = []
      const { app, register } = serve(adapter, {
        prepare: (each) =>
          each.addHook('onSend', async (_request, reply, payload) => {
            payloads.push(typeof payload, reply.statusCode, reply.getHeader('x-meta'))
            return payload
          }),
      })
      register()
      await app.inject('/trpc/fails')
      return payloads
    })
    expect(seen).toEqual({ official: ['object', 200, undefined], direct: ['string', 409, 'set'] })
  })

  test('Vary keeps what hooks have set', async () => {
    const vary = await both(async (adapter) => {
      const { app, register } = serve(adapter, {
        prepare: (each) =>
          each.addHook('onRequest', async (_request, reply) => {
            reply.header('vary', 'Origin')
          }),
      })
      register()
      return (await app.inject('/trpc/hello')).headers['vary']
    })
    const own = 'trpc-accept, accept'
    expect(vary).toEqual({ official: own, direct: `Origin, ${own}` })
  })

  test('a 405 always has an Allow', async () => {
    const allow = await both(async (adapter) => {
      const { app, register } = serve(adapter)
      register()
      const headers = { 'content-type': 'application/octet-stream' }
      const reply = await app.inject({ url: '/trpc/hello', headers })
      return [reply.statusCode, reply.headers['allow']]
    })
    expect(allow).toEqual({ official: [405, undefined], direct: [405, 'POST'] })
  })

  test('createContext gets no undocumented options, and the body is in one place', async () => {
    const found = await both(async (adapter) => {
      const { app, register, seen } = serve(adapter)
      register()
      const headers = { 'content-type': 'application/json' }
      const sent = { method: 'POST', url: '/trpc/body', headers, payload: '{}' } as const
      const reply = await app.inject(sent)
      return [reply.json().result.data, seen.keys.includes('router'), seen.keys.length]
    })
    expect(found.official).toEqual([['string', true], true, 8])
    expect(found.direct).toEqual([['string', false], false, 3])
  })

  test('errors of one batch are all reported, in an order of their own', async () => {
    const errors = await both(async (adapter) => {
      const { app, register, seen } = serve(adapter)
      register()
      await app.inject('/trpc/failsLater,fails?batch=1')
      return seen.errors.sort()
    })
    expect(errors.direct).toEqual(errors.official)
  })

  test('a JSON body that is not UTF-8 is refused', async () => {
    const replies = await both(async (adapter) => {
      const { app, register } = serve(adapter)
      register()
      const headers = { 'content-type': 'application/json' }
      const send = async (payload: Buffer) => {
        const sent = { method: 'POST', url: '/trpc/body', headers, payload } as const
        const reply = await app.inject(sent)
        return [reply.statusCode, reply.json().code]
      }
      return [await send(Buffer.from([0x22, 0xff, 0x22])), await send(Buffer.from('"\ufffd"'))]
    })
    const accepted = [200, undefined]
    expect(replies.official).toEqual([accepted, accepted])
    expect(replies.direct).toEqual([[400, 'TRPC_FASTIFY_INVALID_UTF8'], accepted])
  })

  test('a procedure that replaces another is not used', async () => {
    const replies = await both(async (adapter) => {
      const { app, register, router } = serve(adapter)
      register()
      await app.inject('/trpc/hello')
      const replaced = t.procedure.query(() => 'replaced')
      Object.assign(router._def.procedures, { hello: replaced })
      return (await app.inject('/trpc/hello')).json().result.data
    })
    expect(replies).toEqual({ official: 'replaced', direct: 'hello' })
  })

  test('wrapped with a scope of its own it keeps its prefix once', async () => {
    const statuses = await both(async (adapter) => {
      const { app, register } = serve(adapter)
      register((each) => plugin(each, { encapsulate: true }))
      return (await app.inject('/trpc/hello')).statusCode
    })
    expect(statuses).toEqual({ official: 404, direct: 200 })
  })

  test('wrapped in fastify-plugin it leaves the body parsers of its parent alone', async () => {
    const bodies = await both(async (adapter) => {
      const { app, register } = serve(adapter)
      register((each) => plugin(each))
      app.post('/echo', async ({ body }) => ({ type: typeof body }))
      expect((await app.inject('/trpc/hello')).statusCode).toBe(200)
      return (await app.inject({ method: 'POST', url: '/echo', payload: {} })).json().type
    })
    expect(bodies).toEqual({ official: 'string', direct: 'object' })
  })
})

test('a reply that the service has sent itself stays as it is', async () => {
  const replies = await both(async (adapter) => {
    const { app, register } = serve(adapter)
    register()
    const { statusCode, headers } = await app.inject('/trpc/answered')
    return [statusCode, headers['location'], headers['x-meta']]
  })
  const redirect = [302, '/elsewhere', undefined]
  expect(replies).toEqual({ official: redirect, direct: redirect })
})
