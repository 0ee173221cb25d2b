import type { FastifyBaseLogger, FastifyInstance, FastifyServerOptions } from 'fastify'

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** The level for what comes every few seconds, such as a probe, and would fill the log. */
export function quieter(level: LogLevel): LogLevel {
  return level === 'trace' || level === 'debug' || level === 'info' ? 'warn' : level
}

/**
 * One line a request, with its answer: at `info` where it was refused or failed, at `debug` where all went
 * well. Sign-ins and changes stand in the audit log anyway, and a line for each good call would cost
 * as much as the call.
 */
export function logRequests(app: FastifyInstance): void {
  const tellsAll = app.log.level === 'debug' || app.log.level === 'trace'
  app.addHook('onResponse', (request, reply, done) => {
    const level = reply.statusCode >= 400 ? 'info' : 'debug'
    if (level === 'info' || tellsAll)
      request.log[level]({ req: request, res: reply, ms: Math.round(reply.elapsedTime) }, 'request')
    done()
  })
}

/** Takes the lines of the log in place of standard output. */
export interface LogStream {
  write(line: string): void
}

/**
 * JSON lines on standard output. Nothing of a body or a header is ever logged, and an address only
 * up to its query: tRPC puts the input of a query there.
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

/** pino's own method for a level; `msg` may be the first and only argument. */
type Write = FastifyBaseLogger['info']
type ChildArguments = Parameters<FastifyBaseLogger['child']>

/**
 * The logger of one request, made when the request first has something to say. Most never do, and pino's
 * costs more to make than it costs to know the caller.
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
  private readonly how: ChildArguments
  private made: FastifyBaseLogger | null = null

  constructor(parent: FastifyBaseLogger, how: ChildArguments) {
    this.parent = parent
    this.how = how
  }

  private get own(): FastifyBaseLogger {
    this.made ??= this.parent.child(...this.how)
    return this.made
  }

  get level() {
    return this.own.level
  }
  set level(level) {
    this.own.level = level
  }

  child(...how: ChildArguments): FastifyBaseLogger {
    return this.own.child(...how)
  }
  fatal(...what: Parameters<Write>): void {
    this.own.fatal(...what)
  }
  error(...what: Parameters<Write>): void {
    this.own.error(...what)
  }
  warn(...what: Parameters<Write>): void {
    this.own.warn(...what)
  }
  info(...what: Parameters<Write>): void {
    this.own.info(...what)
  }
  debug(...what: Parameters<Write>): void {
    this.own.debug(...what)
  }
  trace(...what: Parameters<Write>): void {
    this.own.trace(...what)
  }
  silent(...what: Parameters<Write>): void {
    this.own.silent(...what)
  }
}
