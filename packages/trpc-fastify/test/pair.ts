import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TRPCError } from '@trpc/server'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import type { ResponseMeta } from '@trpc/server/http'
import fastify, { type FastifyInstance } from 'fastify'
import { type TrpcFastifyOptions, trpcFastify } from '../src/index.ts'
import { createRouter, type RouterSettings, type TestRouter } from './router.ts'

type Options = TrpcFastifyOptions<TestRouter>['trpcOptions']

export interface Settings extends RouterSettings {
  readonly options?: Partial<
    Pick<Options, 'maxBatchSize' | 'allowBatching' | 'allowMethodOverride'>
  >
  readonly context?: 'throws' | 'rejects' | 'none' | 'slow'
  readonly meta?: ResponseMeta | 'throws'
  readonly onError?: 'throws'
  /** Whether ours hands form data on, as the official adapter does. */
  readonly allowFormData?: boolean
}

export interface Server {
  readonly port: number
  /** What the service's own functions were told, in order. */
  readonly told: unknown[]
  readonly close: () => Promise<void>
}

/** The same service behind the official adapter and behind ours. */
export async function startPair(settings: Settings): Promise<{ official: Server; ours: Server }> {
  const official = await startServer(settings, (app, trpcOptions) => {
    app.register(fastifyTRPCPlugin<TestRouter>, { prefix: '/trpc', trpcOptions })
  })
  const ours = await startServer(settings, (app, trpcOptions) => {
    const { allowFormData = false } = settings
    app.register(trpcFastify<TestRouter>, { prefix: '/trpc', allowFormData, trpcOptions })
  })
  return { official, ours }
}

async function startServer(
  settings: Settings,
  mount: (app: FastifyInstance, options: Options) => void,
): Promise<Server> {
  const told: unknown[] = []
  const app = fastify({ routerOptions: { maxParamLength: 5_000 }, bodyLimit: 10_000 })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-hook', 'ran')
  })
  mount(app, optionsOf(settings, told))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    port: (app.server.address() as AddressInfo).port,
    told,
    close: () => app.close(),
  }
}

function optionsOf(settings: Settings, told: unknown[]): Options {
  const { context, meta } = settings
  const options = {
    router: createRouter(settings),
    ...settings.options,
    onError: ({ error, req, ...rest }: { error: TRPCError; req: { url: string } }) => {
      told.push({ onError: { ...rest, ...described(error), url: req.url } })
      if (settings.onError === 'throws') throw new Error('cannot log')
    },
    ...(context !== 'none' && {
      createContext: (given: Parameters<NonNullable<Options['createContext']>>[0]) => {
        told.push({ createContext: infoOf({ ...given }.info), url: given.req.url })
        if (context === 'throws') throw new Error('no context')
        if (context === 'rejects') return Promise.reject(new Error('no context, later'))
        return context === 'slow' ? Promise.resolve({ user: 'ann' }) : { user: 'ann' }
      },
    }),
    ...(meta && {
      responseMeta: (given: Parameters<NonNullable<Options['responseMeta']>>[0]) => {
        const { info, errors, ...rest } = given
        told.push({ responseMeta: { ...rest, info: infoOf(info), errors: errors.map(described) } })
        if (meta === 'throws') throw new Error('no meta')
        return meta
      },
    }),
  }
  // Some settings leave out what the router's types ask for, on purpose.
  return options as unknown as Options
}

function infoOf(info: Parameters<NonNullable<Options['responseMeta']>>[0]['info']): unknown {
  if (info === undefined) return undefined
  const { calls, signal, url, ...rest } = { ...info }
  const told = calls.map(({ procedure, getRawInput, ...call }) => {
    return { ...call, known: procedure !== null, result: call.result(), async: typeof getRawInput }
  })
  return { ...rest, calls: told, aborted: signal.aborted, path: `${url?.pathname}${url?.search}` }
}

function described({ name, code, message, cause }: TRPCError): object {
  return { name, code, message, cause: cause && [cause.name, cause.message] }
}

export interface Sent {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
}

export interface Received {
  readonly status: string
  /** In order; without the date and without what frames the body. */
  readonly headers: readonly string[]
  readonly body: string
  readonly framing: 'length' | 'chunks' | 'none'
}

const framing = new Set(['date', 'content-length', 'transfer-encoding'])

/** One request on a connection of its own. */
export function ask(server: Server, sent: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', path, headers = {}, body } = sent
    const options = { port: server.port, host: '127.0.0.1', method, path, agent: false }
    const request = httpRequest({ ...options, headers: headers as IncomingHttpHeaders })
    request.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('error', reject).on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const received: string[] = []
        for (let i = 0; i < response.rawHeaders.length; i += 2) {
          const name = response.rawHeaders[i] ?? ''
          if (!framing.has(name.toLowerCase()))
            received.push(`${name}: ${response.rawHeaders[i + 1]}`)
        }
        resolve({
          status: `${response.statusCode} ${response.statusMessage}`,
          headers: received,
          body: Buffer.concat(chunks).toString(),
          framing:
            response.headers['transfer-encoding'] !== undefined
              ? 'chunks'
              : response.headers['content-length'] !== undefined
                ? 'length'
                : 'none',
        })
      })
    })
    request.end(body)
  })
}
