import { meByTrpc, miniLogin } from '../load/calls.mjs'
import { measureInTurns } from '../load/turns.mjs'
import { patient, startPostgres } from '../servers/postgres.mjs'
import { startOnCopy } from './postgres.mjs'
import { passes, scalingRounds } from './scaling.mjs'

export const postgresSizes = ({ million }) => [1_000, million ? 1_000_000 : 100_000]

/** Compares different numbers of users on PostgreSQL. Null where PostgreSQL is not installed. */
export async function comparePostgresSizes({ servers, options, log }) {
  const postgres = await startPostgres()
  if (postgres === null) return null
  try {
    const data = await postgres.prepare(servers.startService)
    const { connections } = options
    const load = (next) => ({ next, connections, seconds: options.seconds / 2, cold: true })
    const candidates = []
    for (const size of postgresSizes(options)) {
      log(`filling PostgreSQL with ${size} users`)
      const original = await postgres.grow(size)
      candidates.push({
        id: String(size),
        start: startOnCopy(
          postgres,
          (url) => servers.startService({ url: `${url}?${patient}` }),
          original,
        ),
        data,
        loads: { me: load(meByTrpc(data)), login: load(miniLogin(data)) },
      })
    }
    return await measureInTurns({ rounds: scalingRounds(options), passes, candidates, log })
  } finally {
    await postgres.stop()
  }
}
