import { Writable } from 'node:stream'
import fastify, { LogController } from 'fastify'
import { expect, it } from 'vitest'
import { createRequestLog, logOptions } from './request-log.ts'

/** An app that logs to a list. */
function listening() {
  const lines: Record<string, unknown>[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const logger = { ...(logOptions('info') as object), stream }
  const app = fastify({
    logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => 'trace-1',
    childLoggerFactory: createRequestLog,
  })
  return { app, lines }
}

it('a log line contains the id of its request', async () => {
  const { app, lines } = listening()
  app.get('/', async (request) => {
    request.log.info({ n: 1 }, 'first')
    request.log.child({ part: 'a' }).warn('second')
    request.log.debug('not at this level')
    return null
  })
  await app.inject('/')
  expect(lines).toMatchObject([
    { level: 'info', reqId: 'trace-1', n: 1, msg: 'first' },
    { level: 'warn', reqId: 'trace-1', part: 'a', msg: 'second' },
  ])
})

it('a route may have its own log level', async () => {
  const { app, lines } = listening()
  app.get('/', { logLevel: 'warn' }, async (request) => {
    request.log.info('not here')
    request.log.error('here')
    return { level: request.log.level }
  })
  expect((await app.inject('/')).json()).toEqual({ level: 'warn' })
  expect(lines).toMatchObject([{ level: 'error', msg: 'here' }])
})
