import { type Cluster, findPostgres, startCluster } from '@mianmi/api/testing/postgres'
import pg from 'pg'
import { afterAll, describe } from 'vitest'

const bin = findPostgres()

/** A suite of tests that need PostgreSQL. Where it is not installed they are skipped; in CI that is an error. */
export const describePostgres = describe.skipIf(bin === null && process.env['CI'] !== 'true')

let started: Promise<Cluster> | null = null
let databases = 0

/** A password that must be in no output. The cluster of a test asks for none, so it accepts it. */
export const databasePassword = 'sentinel-database-password'

/** Runs a statement that cannot run in a transaction. */
async function run(cluster: Cluster, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.url('postgres') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/**
 * Creates an empty database in the cluster of this test file, and returns its address, with a password.
 *
 * @param options what follows `create database NAME`
 */
export async function createDatabase(options = ''): Promise<string> {
  if (bin === null) throw new Error('PostgreSQL is not installed')
  started ??= startCluster({ bin, durable: true })
  const cluster = await started
  databases += 1
  const name = `e2e_${databases}`
  await run(cluster, `create database ${name} ${options}`)
  return cluster.url(name).replace('@', `:${databasePassword}@`)
}

/** Runs statements on a database that `createDatabase` has made, and returns the rows of the last one. */
export async function query<Row>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows as Row[]
  } finally {
    await client.end()
  }
}

afterAll(async () => {
  await (await started)?.stop()
  started = null
})
