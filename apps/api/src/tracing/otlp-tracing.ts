import { SpanKind } from '@opentelemetry/api'
import { createProvider, createRequestIds, newTraceId, reportFaults } from './otlp-provider.ts'
import { traceRequests } from './request-spans.ts'
import { createSpans, type Spans } from './spans.ts'
import type { Tracing, TracingConfig, TracingEnvironment } from './tracing.ts'

/** Sends spans to a collector by OTLP over HTTP. */
export function createTracing(config: TracingConfig, environment: TracingEnvironment): Tracing {
  const { version, reasonOf, onFault } = environment
  reportFaults(onFault)
  const ids = createRequestIds()
  const provider = createProvider(config, version, ids)
  const tracer = provider.getTracer('mianmi', version)
  const spans = createSpans(tracer, reasonOf)
  return {
    newTraceId,
    install: (app) => traceRequests(app, tracer, ids, spans),
    trace: (prefix, methods, kind) => traceMethods(spans, { prefix, methods, kind }),
    watchQueue: watchQueue(spans),
    async close(limitMs) {
      const limit = AbortSignal.timeout(limitMs)
      const isOver = new Promise<void>((resolve) => {
        limit.addEventListener('abort', () => resolve(), { once: true })
      })
      // What cannot be sent is lost; `reportFaults` has said so.
      await Promise.race([provider.shutdown().catch(() => {}), isOver])
    },
  }
}

interface Traced<T> {
  readonly prefix: string
  readonly methods: T
  readonly kind: 'internal' | 'client' | undefined
}

function traceMethods<T extends object>(spans: Spans, { prefix, methods, kind }: Traced<T>): T {
  const spanKind = kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL
  const known = new Map<PropertyKey, unknown>()
  // By name when it is asked for: a store that is created at first use has no list of its verbs before.
  return new Proxy(methods, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      const traced =
        known.get(name) ??
        ((...input: unknown[]): unknown => {
          const span = spans.startChild(`${prefix}.${String(name)}`, spanKind)
          return span ? spans.measure(span, () => method(...input)) : method(...input)
        })
      known.set(name, traced)
      return traced
    },
  })
}

/** One span for the wait, and one for the work of a thread. */
const watchQueue =
  (spans: Spans): Tracing['watchQueue'] =>
  (queue, call) => {
    const wait = spans.startChild('passwords.wait')
    if (wait === null) return call(() => {})
    wait.setAttribute('mianmi.queue', queue)
    let running = wait
    const onTurn = (): void => {
      wait.end()
      running = spans.startChild('passwords.compute') ?? wait
    }
    return call(onTurn).then(
      (value) => {
        running.end()
        return value
      },
      (error: unknown) => {
        spans.endWithError(running, error)
        throw error
      },
    )
  }
