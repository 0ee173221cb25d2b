import { type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RequestIds } from './otlp-provider.ts'
import type { Spans } from './spans.ts'

/** Starts a span for each request, whose trace id is that of the request's log lines and replies. */
export function traceRequests(app: FastifyInstance, tracer: Tracer, ids: RequestIds, spans: Spans) {
  const spanOf = new WeakMap<FastifyRequest, Span>()

  app.addHook('onRequest', (request, _reply, done) => {
    const { method, id } = request
    // The route and never the address, which may contain an input.
    const { url: route = 'none' } = request.routeOptions
    const attributes = { 'http.request.method': method, 'http.route': route }
    ids.nextTraceId = id
    const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes })
    ids.nextTraceId = ''
    spanOf.set(request, span)
    spans.enter(span, done)
  })
  // A body arrives in events of the connection, which belong to no request.
  app.addHook('preHandler', (request, _reply, done) => {
    const span = spanOf.get(request)
    if (span) spans.enter(span, done)
    else done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const span = spanOf.get(request)
    span?.setAttribute('http.response.status_code', reply.statusCode)
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR })
    span?.end()
    done()
  })
}
