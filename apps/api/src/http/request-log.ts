import type { FastifyBaseLogger, FastifyInstance, FastifyServerOptions } from 'fastify'

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** The log level for requests that come every few seconds, such as probes, and would fill the log. */
export function probeLogLevel(level: LogLevel): LogLevel {
  return level === 'trace' || level === 'debug' || level === 'info' ? 'warn' : level
}

/**
 * Logs one line for each request: at `info` when it was refused or failed, at `debug` otherwise. Sign-ins and
 * changes are in the audit log anyway, and a line for each successful call would cost as much as the call.
 */
export function logRequests(app: FastifyInstance): void {
  const logsAll = app.log.level === 'debug' || app.log.level === 'trace'
  app.addHook('onResponse', (request, reply, done) => {
    const level = reply.statusCode >= 400 ? 'info' : 'debug'
    if (level === 'info' || logsAll)
      request.log[level]({ req: request, res: reply, ms: Math.round(reply.elapsedTime) }, 'request')
    done()
  })
}

/** Takes the lines of the log in place of standard output. */
export interface LogStream {
  write(line: string): void
}

/**
 * JSON lines on standard output. Bodies and headers are never logged, and addresses only without their query, which
 * contains the input of a tRPC query.
 */
export function logOptions(
  level: LogLevel,
  stream?: LogStream,
): NonNullable<FastifyServerOptions['logger']> {
  return {
    ...(stream === undefined ? {} : { stream }),
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: {
      req: ({ method, url, clientAddress }) => ({
        method,
        path: url?.split('?', 1)[0],
        ip: clientAddress,
      }),
      res: ({ statusCode }) => ({ statusCode }),
    },
  }
}

/** pino's signature of a level method; `msg` may be the only argument. */
type Write = FastifyBaseLogger['info']
type ChildArguments = Parameters<FastifyBaseLogger['child']>

/**
 * The logger of one request, created when the request first logs. Most never do, and creating pino's child costs
 * more than verifying the caller.
 */
export function createRequestLog(
  parent: FastifyBaseLogger,
  bindings: ChildArguments[0],
  options?: ChildArguments[1],
): FastifyBaseLogger {
  return new RequestLog(parent, [bindings, options])
}

/** A class, so that all requests share one set of methods. */
class RequestLog implements FastifyBaseLogger {
  private readonly parent: FastifyBaseLogger
  private readonly childArguments: ChildArguments
  private logger: FastifyBaseLogger | null = null

  constructor(parent: FastifyBaseLogger, childArguments: ChildArguments) {
    this.parent = parent
    this.childArguments = childArguments
  }

  private get delegate(): FastifyBaseLogger {
    this.logger ??= this.parent.child(...this.childArguments)
    return this.logger
  }

  get level() {
    return this.delegate.level
  }
  set level(level) {
    this.delegate.level = level
  }

  child(...childArguments: ChildArguments): FastifyBaseLogger {
    return this.delegate.child(...childArguments)
  }
  fatal(...what: Parameters<Write>): void {
    this.delegate.fatal(...what)
  }
  error(...what: Parameters<Write>): void {
    this.delegate.error(...what)
  }
  warn(...what: Parameters<Write>): void {
    this.delegate.warn(...what)
  }
  info(...what: Parameters<Write>): void {
    this.delegate.info(...what)
  }
  debug(...what: Parameters<Write>): void {
    this.delegate.debug(...what)
  }
  trace(...what: Parameters<Write>): void {
    this.delegate.trace(...what)
  }
  silent(...what: Parameters<Write>): void {
    this.delegate.silent(...what)
  }
}
