import { AsyncLocalStorage } from 'node:async_hooks'
import {
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'

export interface Spans {
  /** Runs code inside of a span: spans that it starts are its children. */
  enter<T>(span: Span, run: () => T): T
  /** A child of the span in which the running code is; null outside of a request and in one that is not traced. */
  startChild(name: string, kind?: SpanKind): Span | null
  /** Makes a call inside of a span, which ends with it. */
  measure<T>(span: Span, call: () => T): T
  /** A refusal is an outcome, any other error a fault. The texts of errors may quote an input and are left out. */
  endWithError(span: Span, error: unknown): void
}

export function createSpans(tracer: Tracer, reasonOf: (error: unknown) => string | null): Spans {
  const current = new AsyncLocalStorage<Span>()

  function endWithError(span: Span, error: unknown): void {
    const reason = reasonOf(error)
    span.setAttribute('error.type', reason ?? 'internal')
    if (reason === null) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }

  async function endWith<T>(span: Span, promise: Promise<T>): Promise<T> {
    try {
      const value = await promise
      span.end()
      return value
    } catch (error) {
      endWithError(span, error)
      throw error
    }
  }

  return {
    endWithError,
    enter: (span, run) => current.run(span, run),
    startChild(name, kind = SpanKind.INTERNAL) {
      const parent = current.getStore()
      if (!parent?.isRecording()) return null
      return tracer.startSpan(name, { kind }, trace.setSpan(ROOT_CONTEXT, parent))
    },
    measure(span, call) {
      try {
        const result = current.run(span, call)
        if (result instanceof Promise) return endWith(span, result) as typeof result
        span.end()
        return result
      } catch (error) {
        endWithError(span, error)
        throw error
      }
    },
  }
}
