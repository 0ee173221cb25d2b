import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { Failure, type UserService } from '@mianmi/core'
import type { FastifyInstance, RouteShorthandOptions } from 'fastify'
import { requireLiteralPath } from '../http/literal-path.ts'
import { version } from '../process/command-line.ts'
import { createEventLoopMonitor } from './event-loop.ts'
import {
  type CounterValue,
  contentType,
  counter,
  gauge,
  getOrCreate,
  type HistogramSeries,
  histogram,
  information,
} from './exposition.ts'
import { createStoreMetrics, type MeasuredStore } from './store-metrics.ts'
import { createWebhookMetrics, type MeasuredWebhooks } from './webhook-metrics.ts'

/** Seconds: from the cost of a verified token to the time-out of a client. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export interface Metrics {
  /** Wraps the use cases so that each call is counted by its outcome. A reason does not identify a user. */
  countCalls(users: UserService): UserService
  /** Measures every request of the app, and serves `/metrics`. */
  serve(app: FastifyInstance, options: ServedMetrics): void
}

export interface ServedMetrics {
  readonly route: RouteShorthandOptions
  /** Of the store, where it measures itself. */
  readonly readStore?: (() => MeasuredStore) | undefined
  readonly readWebhooks: () => Promise<MeasuredWebhooks>
}

export function createMetrics(): Metrics {
  const durations = histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its reply, by route pattern and status class.',
    bounds,
  })
  const outcomes = counter({
    name: 'mianmi_use_case_calls_total',
    help: 'Calls of a use case over tRPC and plain HTTP, by outcome: ok, or the reason of the refusal.',
  })
  return {
    countCalls: (users) =>
      countUseCases(users, (use_case, outcome) => outcomes.of({ use_case, outcome })),
    serve(app, { route, readStore, readWebhooks }) {
      const store = readStore && createStoreMetrics(readStore)
      const webhooks = createWebhookMetrics()
      const eventLoop = createEventLoopMonitor()
      app.addHook('onClose', async () => eventLoop.stop())
      timeRequests(app, durations)
      const onRequest = requireLiteralPath('/metrics')
      app.get('/metrics', { ...route, onRequest }, async (_request, reply) => {
        const measured = store?.metrics() ?? []
        const metrics = [
          durations,
          outcomes,
          ...measured,
          ...webhooks.metrics(await readWebhooks()),
          ...eventLoop.metrics(),
          ...processMetrics,
        ]
        return reply.type(contentType).send(metrics.map((metric) => metric.text()).join(''))
      })
    },
  }
}

function timeRequests(app: FastifyInstance, durations: Durations): void {
  const routes = new Map<string, Map<string, HistogramSeries[]>>()
  app.addHook('onResponse', (request, reply, done) => {
    // The route pattern, never the address: the caller chooses the address, and it may contain an input.
    const { url: route = 'none' } = request.routeOptions
    const methods = getOrCreate(routes, route, () => new Map<string, HistogramSeries[]>())
    const classes = getOrCreate(methods, request.method, () => [])
    const statusClass = Math.floor(reply.statusCode / 100)
    classes[statusClass] ??= durations.of({
      method: request.method,
      route,
      status: `${statusClass}xx`,
    })
    classes[statusClass].observe(reply.elapsedTime / 1000)
    done()
  })
}

/** Named as in Prometheus's client libraries, so that existing dashboards work. */
const processMetrics = [
  information(
    { name: 'mianmi_build_info', help: 'The version of the service, and that of Node.' },
    { version, node: process.versions.node },
  ),
  gauge({
    name: 'process_start_time_seconds',
    help: 'When the process started, in seconds since the epoch.',
    read: () => performance.timeOrigin / 1000,
  }),
  gauge({
    name: 'process_cpu_seconds_total',
    help: 'Processor time, user and system.',
    isCounter: true,
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

function countUseCases(
  users: UserService,
  counterOf: (useCase: string, outcome: string) => CounterValue,
): UserService {
  const countedUseCases = Object.entries(users).map(([name, run]: [string, UseCase]) => {
    const okCount = counterOf(name, 'ok')
    const countedRun: UseCase = async (...input) => {
      try {
        const result = await run(...input)
        okCount.value++
        return result
      } catch (error) {
        counterOf(name, error instanceof Failure ? error.reason : 'internal').value++
        throw error
      }
    }
    return [name, countedRun]
  })
  return Object.fromEntries(countedUseCases) as UserService
}
