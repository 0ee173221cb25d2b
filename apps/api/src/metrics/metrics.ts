import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { Failure, type UserService } from '@mianmi/core'
import type { FastifyInstance, RouteShorthandOptions } from 'fastify'
import { watchEventLoop } from './event-loop.ts'
import {
  type Count,
  contentType,
  counter,
  entryOf,
  gauge,
  histogram,
  type Series,
} from './exposition.ts'

/** Seconds; from what a verified token costs to where a client gives up. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export interface Metrics {
  /** The same use cases, counted by their outcome; a reason says nothing of who was refused. */
  counted(users: UserService): UserService
  /** Times every request of the app, and serves `/metrics`. */
  serve(app: FastifyInstance, options: RouteShorthandOptions): void
}

export function createMetrics(): Metrics {
  const durations = histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its reply, by route pattern and status class.',
    bounds,
  })
  const outcomes = counter({
    name: 'mianmi_use_case_calls_total',
    help: 'Calls of a use case over tRPC and plain HTTP, by outcome: ok, or why it was refused.',
  })
  return {
    counted: (users) => count(users, (use_case, outcome) => outcomes.of({ use_case, outcome })),
    serve(app, options) {
      const loop = watchEventLoop()
      app.addHook('onClose', async () => loop.stop())
      timeRequests(app, durations)
      app.get('/metrics', options, async (_request, reply) => {
        const metrics = [durations, outcomes, ...loop.metrics(), ...ofProcess]
        return reply.type(contentType).send(metrics.map((metric) => metric.text()).join(''))
      })
    },
  }
}

function timeRequests(app: FastifyInstance, durations: Durations): void {
  const routes = new Map<string, Map<string, Series[]>>()
  app.addHook('onResponse', (request, reply, done) => {
    // The pattern, never the address: an address is chosen by the caller and may hold an input.
    const { url: route = 'none' } = request.routeOptions
    const methods = entryOf(routes, route, () => new Map<string, Series[]>())
    const classes = entryOf(methods, request.method, () => [])
    const hundreds = Math.floor(reply.statusCode / 100)
    classes[hundreds] ??= durations.of({
      method: request.method,
      route,
      status: `${hundreds}xx`,
    })
    classes[hundreds].observe(reply.elapsedTime / 1000)
    done()
  })
}

/** Names as Prometheus's own client libraries have them, so that ready-made dashboards work. */
const ofProcess = [
  gauge({
    name: 'process_start_time_seconds',
    help: 'When the process started, in seconds since the epoch.',
    read: () => performance.timeOrigin / 1000,
  }),
  gauge({
    name: 'process_cpu_seconds_total',
    help: 'Processor time, user and system.',
    grows: true,
    read: () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    },
  }),
  gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory that the process holds.',
    read: () => process.memoryUsage.rss(),
  }),
  gauge({
    name: 'nodejs_heap_size_used_bytes',
    help: 'Memory that JavaScript objects hold.',
    read: () => process.memoryUsage().heapUsed,
  }),
]

type Durations = ReturnType<typeof histogram>
type UseCase = (...input: never[]) => Promise<unknown>

function count(
  users: UserService,
  countOf: (useCase: string, outcome: string) => Count,
): UserService {
  const wrapped = Object.entries(users).map(([name, run]: [string, UseCase]) => {
    const good = countOf(name, 'ok')
    const counted: UseCase = async (...input) => {
      try {
        const result = await run(...input)
        good.value++
        return result
      } catch (error) {
        countOf(name, error instanceof Failure ? error.reason : 'internal').value++
        throw error
      }
    }
    return [name, counted]
  })
  return Object.fromEntries(wrapped) as UserService
}
