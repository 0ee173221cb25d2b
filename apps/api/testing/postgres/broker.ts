import { createServer, type Server } from 'node:http'
import pg from 'pg'
import { findPostgres } from './binaries.ts'
import { type Cluster, startCluster } from './cluster.ts'

/** Prepares the database from which those of the tests are copied. */
type Migrate = (url: string) => Promise<unknown>

const template = 'template_migrated'

/** Where test databases are to be had, until `stop` removes them. */
export interface Broker {
  /** `POST /fast` and `POST /durable` answer with the address of a new database. */
  readonly address: string
  stop(): Promise<void>
}

/**
 * Serves test databases to the workers of one test run. Each of the two clusters starts when its first database is asked
 * for, so a run without such tests pays nothing.
 */
export async function startBroker(bin: string, migrate: Migrate): Promise<Broker> {
  const clusters = new Map<string, Promise<Cluster>>()
  let databases = 0
  const clusterOf = (kind: string): Promise<Cluster> => {
    const started = clusters.get(kind) ?? startMigrated(bin, kind === 'durable', migrate)
    clusters.set(kind, started)
    return started
  }
  const create = async (kind: string): Promise<string> => {
    const cluster = await clusterOf(kind)
    databases += 1
    const name = `test_${databases}`
    await inDatabase(cluster.url('postgres'), `create database ${name} template ${template}`)
    return cluster.url(name)
  }
  const { address, close } = await serve(create)
  return {
    address,
    async stop() {
      close()
      const started = await Promise.allSettled(clusters.values())
      await Promise.all(
        started.map((each) => (each.status === 'fulfilled' ? each.value.stop() : undefined)),
      )
    },
  }
}

/**
 * Serves databases on a server that runs already, for `npm run conformance`. All are removed at the end.
 *
 * @param url of a database on the server, for a role that may create databases
 * @throws Error in one line where the server cannot be used
 */
export async function startExternalBroker(url: string, migrate: Migrate): Promise<Broker> {
  const prefix = `mianmi_conformance_${process.pid}`
  const created: string[] = []
  const create = async (): Promise<string> => {
    const name = `${prefix}_${created.length}`
    created.push(name)
    await inDatabase(url, `create database ${name}`)
    const own = withDatabase(url, name)
    await migrate(own)
    return own
  }
  const { address, close } = await serve(create)
  return {
    address,
    async stop() {
      close()
      for (const name of created) await inDatabase(url, `drop database if exists ${name}`)
    },
  }
}

/** The same address with another database. */
const withDatabase = (url: string, name: string): string =>
  url.replace(/^(postgres(?:ql)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`)

async function serve(
  create: (kind: string) => Promise<string>,
): Promise<{ address: string; close: () => void }> {
  const server = createServer((request, response) => {
    create(request.url?.slice(1) ?? '').then(
      (url) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  return { address: await listen(server), close: () => void server.close() }
}

async function startMigrated(bin: string, durable: boolean, migrate: Migrate): Promise<Cluster> {
  const cluster = await startCluster({ bin, durable })
  await inDatabase(cluster.url('postgres'), `create database ${template}`)
  await migrate(cluster.url(template))
  return cluster
}

/** Runs a statement that cannot run in a transaction, over a connection of its own. */
async function inDatabase(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

/**
 * The folder with the binaries, or null where the tests of PostgreSQL are skipped, which this says in one line.
 *
 * @throws Error in CI, where nothing may be skipped
 */
export function postgresOrSkip(env = process.env, find = findPostgres): string | null {
  const bin = find(env)
  if (bin !== null) return bin
  const missing =
    "PostgreSQL is not installed (Debian's package postgresql, or POSTGRES_BIN=folder)"
  if (env['CI'] === 'true') throw new Error(`${missing}, and in CI no test may be skipped`)
  console.warn(`Skipped: every test of the PostgreSQL store, because ${missing}.`)
  return null
}
