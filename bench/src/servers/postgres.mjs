import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { findPostgres, startCluster } from '../../../apps/api/testing/postgres/index.ts'
import { fillStatements } from '../data/fill-postgres.mjs'
import { signInAll } from '../data/people.mjs'

/** Linux counts CPU time in ticks of 1/100 s. */
const microsecondsPerTick = 10_000

/** The default of PostgreSQL, where the clusters of the tests have less: a look-up would wait for memory of the system. */
const ownSettings = ['shared_buffers=128MB']

/** Added to an address for the service, so that it refuses no call on a busy machine. */
export const patient = 'timeout=30000'

/** Starts PostgreSQL with its own settings, in which a commit waits for the disk. Null where it is not installed. */
export async function startPostgres() {
  const bin = findPostgres()
  if (bin === null) return null
  const cluster = await startCluster({ bin, settings: ownSettings })
  let copies = 0
  const query = async (database, ...statements) => {
    const client = new pg.Client(cluster.url(database))
    await client.connect()
    try {
      let rows = []
      for (const statement of statements) rows = (await client.query(statement)).rows
      return rows
    } finally {
      await client.end()
    }
  }
  const run = (statement) => query('postgres', statement)
  return {
    cpu: () => cpuOf(cluster.pid),
    stop: () => cluster.stop(),
    /** Creates the database in which 1,000 users are signed in. */
    async prepare(startService) {
      await run('create database start')
      const service = await startService({ url: `${cluster.url('start')}?${patient}` })
      try {
        const url = `http://127.0.0.1:${service.port}`
        const people = await signInAll(url)
        const { keys } = await (await fetch(`${url}/.well-known/jwks.json`)).json()
        return { people, publicJwk: keys[0] }
      } finally {
        await service.stop()
      }
    },
    /** Creates a database with those 1,000 users and others, `total` in all. Returns its name. */
    async grow(total) {
      const name = `grown_${total}`
      await run(`create database ${name} template start`)
      await query(name, ...fillStatements(total))
      return name
    },
    /** Creates a copy of a database, for one server. */
    async copy(original = 'start') {
      const name = `copy_${++copies}`
      await run(`create database ${name} template ${original}`)
      return {
        url: cluster.url(name),
        query: (statement) => query(name, statement),
        drop: () => run(`drop database ${name} with (force)`),
      }
    },
  }
}

/** CPU time of a process and of its children, also of those that have ended, in µs; null without /proc. */
function cpuOf(postmaster) {
  if (process.platform !== 'linux') return null
  const fieldsOf = (pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  }
  const [user, system, endedUser, endedSystem] = fieldsOf(postmaster).slice(11, 15).map(Number)
  let ticks = user + system + endedUser + endedSystem
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      const fields = fieldsOf(pid)
      if (Number(fields[1]) === postmaster) ticks += Number(fields[11]) + Number(fields[12])
    } catch {
      // It has ended since.
    }
  return ticks * microsecondsPerTick
}
