import type { FastifyInstance } from 'fastify'
import type { WatchQueue } from '../passwords/passwords.ts'

/** Where traces are sent, and how many. */
export interface TracingConfig {
  /** The address of a collector that takes OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string
  readonly serviceName: string
  /** The share of requests that are traced: above 0, up to 1. */
  readonly ratio: number
}

/**
 * Spans of OpenTelemetry: one for each request, and inside it one for each use case, call of the store, call of WeChat,
 * wait in the queue of passwords and computed password. They have names of ours, an outcome and a duration, and never an
 * input: no code, token, openid or account.
 */
export interface Tracing {
  /** 32 random hexadecimal digits for each request. They are its trace id, and the `traceId` of its replies and log lines. */
  newTraceId(): string
  /** Starts a span for each request of the app. To be called before anything else is added to it. */
  install(app: FastifyInstance): void
  /** The same object, with a span named `prefix.method` for each call of a method within a request. */
  trace<T extends object>(prefix: string, methods: T, kind?: 'internal' | 'client'): T
  readonly watchQueue: WatchQueue
  /** Sends what is left, within `limitMs`. */
  close(limitMs: number): Promise<void>
}

/**
 * What tracing needs of the service. It is passed, because an import of a module that the service has too would move this
 * module into a file of its own, which each start would read.
 */
export interface TracingEnvironment {
  readonly version: string
  /** The reason of a refusal; null for any other error. */
  readonly reasonOf: (error: unknown) => string | null
  /** Takes the first fault of a minute when traces cannot be sent. */
  readonly onFault: (line: string) => void
}
