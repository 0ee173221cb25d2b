import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TRPCError } from '@trpc/server'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import type { ResponseMeta } from '@trpc/server/http'
import fastify, { type FastifyInstance } from 'fastify'
import { type TrpcFastifyOptions, trpcFastify } from '../src/index.ts'
import { createRouter, type RouterSettings, type TestRouter } from './test-router.ts'

type Options = TrpcFastifyOptions<TestRouter>['trpcOptions']

export interface ServiceSettings extends RouterSettings {
  readonly options?: Partial<
    Pick<
      Options,
      'maxBatchSize' | 'allowBatching' | 'batching' | 'allowMethodOverride' | 'maxBodySize'
    >
  >
  readonly context?: 'throws' | 'rejects' | 'none' | 'slow'
  readonly meta?: ResponseMeta | 'throws'
  readonly onError?: 'throws'
  /** The option of `trpcFastify` of the same name. */
  readonly allowFormData?: boolean
}

export interface Server {
  readonly port: number
  /** The calls of the service's own functions with their arguments, in order. */
  readonly events: unknown[]
  readonly close: () => Promise<void>
}

/** The same service behind the official adapter and behind `trpcFastify`. */
export async function startPair(
  settings: ServiceSettings,
): Promise<{ official: Server; direct: Server }> {
  const official = await startServer(settings, (app, trpcOptions) => {
    app.register(fastifyTRPCPlugin<TestRouter>, { prefix: '/trpc', trpcOptions })
  })
  const direct = await startServer(settings, (app, trpcOptions) => {
    const { allowFormData = false } = settings
    app.register(trpcFastify<TestRouter>, { prefix: '/trpc', allowFormData, trpcOptions })
  })
  return { official, direct }
}

async function startServer(
  settings: ServiceSettings,
  mount: (app: FastifyInstance, options: Options) => void,
): Promise<Server> {
  const events: unknown[] = []
  const app = fastify({ routerOptions: { maxParamLength: 5_000 }, bodyLimit: 10_000 })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-hook', 'ran')
  })
  mount(app, optionsOf(settings, events))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    port: (app.server.address() as AddressInfo).port,
    events,
    close: () => app.close(),
  }
}

function optionsOf(settings: ServiceSettings, events: unknown[]): Options {
  const { context, meta } = settings
  const options = {
    router: createRouter(settings),
    ...settings.options,
    onError: ({ error, req, ...rest }: { error: TRPCError; req: { url: string } }) => {
      events.push({ onError: { ...rest, ...describeError(error), url: req.url } })
      if (settings.onError === 'throws') throw new Error('cannot log')
    },
    ...(context !== 'none' && {
      createContext: (options: Parameters<NonNullable<Options['createContext']>>[0]) => {
        events.push({ createContext: infoOf({ ...options }.info), url: options.req.url })
        if (context === 'throws') throw new Error('no context')
        if (context === 'rejects') return Promise.reject(new Error('no context, later'))
        return context === 'slow' ? Promise.resolve({ user: 'ann' }) : { user: 'ann' }
      },
    }),
    ...(meta && {
      responseMeta: (options: Parameters<NonNullable<Options['responseMeta']>>[0]) => {
        const { info, errors, ...rest } = options
        events.push({
          responseMeta: { ...rest, info: infoOf(info), errors: errors.map(describeError) },
        })
        if (meta === 'throws') throw new Error('no meta')
        return meta
      },
    }),
  }
  // Some settings omit on purpose what the router's types require.
  return options as unknown as Options
}

function infoOf(info: Parameters<NonNullable<Options['responseMeta']>>[0]['info']): unknown {
  if (info === undefined) return undefined
  const { calls, signal, url, ...rest } = { ...info }
  const events = calls.map(({ procedure, getRawInput, ...call }) => {
    return { ...call, known: procedure !== null, result: call.result(), async: typeof getRawInput }
  })
  return { ...rest, calls: events, aborted: signal.aborted, path: `${url?.pathname}${url?.search}` }
}

function describeError({ name, code, message, cause }: TRPCError): object {
  return { name, code, message, cause: cause && [cause.name, cause.message] }
}

export interface TestRequest {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
}

export interface TestReply {
  readonly status: string
  /** In order; without the date and the framing headers. */
  readonly headers: readonly string[]
  readonly body: string
  readonly framing: 'length' | 'chunks' | 'none'
}

const framing = new Set(['date', 'content-length', 'transfer-encoding'])

/** Sends one request on a new connection. */
export function sendRequest(server: Server, sent: TestRequest): Promise<TestReply> {
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

/** The official adapter's reply, completed as `trpcFastify` does: every 405 has an `allow`. */
export function withAllow(reply: TestReply): TestReply {
  const { status, headers } = reply
  const isIncomplete = status.startsWith('405') && !headers.some((each) => /^allow:/i.test(each))
  if (!isIncomplete) return reply
  // The headers of a `Response` are sorted.
  const place = headers.findIndex((each) => each.startsWith('content-type:'))
  return { ...reply, headers: headers.toSpliced(place, 0, 'allow: POST') }
}
