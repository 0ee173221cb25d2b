import type { FastifyBaseLogger } from 'fastify'

/** Takes lines and errors that belong to no request. */
export interface Reporter {
  /** Logs the error of a write for which no caller waits. */
  error(error: unknown): void
  warn(line: string): void
  /** Where to log. Until then lines are kept. */
  to(app: { readonly log: FastifyBaseLogger }): void
}

/** The store is opened before there is a log. */
export function createReporter(): Reporter {
  const early: ((log: FastifyBaseLogger) => void)[] = []
  let log: FastifyBaseLogger | null = null
  const write = (line: (log: FastifyBaseLogger) => void): void => {
    if (log === null) early.push(line)
    else line(log)
  }
  return {
    error: (error) => write((to) => to.error({ err: error }, 'audit log')),
    warn: (line) => write((to) => to.warn(line)),
    to(app) {
      log = app.log
      for (const line of early) line(app.log)
    },
  }
}
