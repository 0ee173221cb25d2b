import { meByPlainHttp, meByTrpc, miniLogin } from '../load/calls.mjs'
import { measureInTurns } from '../load/turns.mjs'
import { patient, startPostgres } from '../servers/postgres.mjs'
import { scalingRounds } from './scaling.mjs'

export const postgresConnections = [1, 8, 64]

/**
 * Compares the service on PostgreSQL with a bare route that has a pool of 10, with one that groups its lookups as the
 * service does, and with the service itself where each call has a statement of its own over a pool of 10. Null where
 * PostgreSQL is not installed.
 */
export async function comparePostgres({ servers, options, log }) {
  const postgres = await startPostgres()
  if (postgres === null) return null
  try {
    const data = await postgres.prepare(servers.startService)
    return await measureInTurns({
      rounds: scalingRounds(options),
      passes: 4,
      candidates: candidatesOf({ postgres, servers, data, options }),
      log,
    })
  } finally {
    await postgres.stop()
  }
}

/** The server is stopped before its copy of the database is dropped. */
export const startOnCopy = (postgres, start, original) => async () => {
  const { url, drop } = await postgres.copy(original)
  const server = await start(url)
  const stop = async () => {
    await server.stop()
    await drop()
  }
  return { ...server, stop, databaseCpu: postgres.cpu }
}

function candidatesOf({ postgres, servers, data, options }) {
  const seconds = options.seconds / 2
  // Another number of calls in flight is new to V8: a pool of connections, and groups of another size.
  const loads = (name, next) =>
    Object.fromEntries(
      postgresConnections.map((connections) => [
        `${name} ${connections}`,
        { next, connections, seconds, cold: true },
      ]),
    )
  const me = loads('me', meByTrpc(data))
  const login = loads('login', miniLogin(data))
  const bare = (grouped) =>
    startOnCopy(postgres, (url) => servers.startPeer('fastify-postgres', { ...data, url, grouped }))
  return [
    {
      id: 'mianmi',
      start: startOnCopy(postgres, (url) => servers.startService({ url: `${url}?${patient}` })),
      data,
      loads: { ...me, ...login },
    },
    { id: 'naive', start: bare(false), data, loads: loads('me', meByPlainHttp(data)) },
    { id: 'grouped', start: bare(true), data, loads: loads('me', meByPlainHttp(data)) },
    {
      id: 'oneStatementEach',
      // A quarter of the connections is for the groups of sign-ins.
      start: startOnCopy(postgres, (url) =>
        servers.startOneStatementEach({ url: `${url}?pool=40&${patient}` }),
      ),
      data,
      loads: login,
    },
  ]
}
