import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { networkFailureHeader } from './network-failure-header.ts'

/** Hop-by-hop headers: RFC 9110, section 7.6.1. */
const hopByHopHeaders = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]
/** Request headers that a browser adds and a phone does not send. */
const browserHeaders = /^(host|expect|origin|referer|cookie|sec-.*|x-forwarded-.*|forwarded)$/
/** Reply headers that are not passed on: cookies, because a phone has no cookie jar, and the page's own headers. */
const withheldHeaders = /^(set-cookie|access-control-.*|x-playground-network)$/

/** Forwards every request under `prefix` to `target` and streams the bodies. */
export function registerProxy(app: FastifyInstance, prefix: string, target: URL): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    scope.all(`${prefix}/*`, (request, reply) => forward({ request, reply, prefix, target }))
  })
}

interface ForwardedRequest {
  request: FastifyRequest
  reply: FastifyReply
  prefix: string
  target: URL
}

function forward({ request, reply, prefix, target }: ForwardedRequest): Promise<FastifyReply> {
  return new Promise((resolve) => {
    const upstream = open(request, prefix, target)
    reply.raw.once('close', () => upstream.destroy())
    upstream.once('response', (response) => {
      reply
        .code(response.statusCode ?? 502)
        .headers(withoutHeaders(response.headers, withheldHeaders))
      resolve(reply.send(response))
    })
    upstream.once('error', (error: NodeJS.ErrnoException) => {
      if (reply.raw.headersSent) {
        reply.raw.destroy()
        return
      }
      const reason = error.code ?? error.message
      reply.code(502).header(networkFailureHeader, reason)
      resolve(reply.send({ error: { message: `${target.origin} does not answer (${reason})` } }))
    })
    request.raw.pipe(upstream)
  })
}

function open(request: FastifyRequest, prefix: string, target: URL): ClientRequest {
  const { url = '', method = 'GET', headers } = request.raw
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest
  return send({
    // Host and port are set separately, so that no path can address another server.
    protocol: target.protocol,
    hostname: target.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: target.port,
    path: target.pathname.replace(/\/+$/, '') + url.slice(prefix.length),
    method,
    headers: withoutHeaders(headers, browserHeaders),
  })
}

function withoutHeaders(
  headers: IncomingMessage['headers'],
  dropped: RegExp,
): IncomingMessage['headers'] {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/)
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !hopByHopHeaders.includes(name) && !named.includes(name) && !dropped.test(name),
    ),
  )
}
