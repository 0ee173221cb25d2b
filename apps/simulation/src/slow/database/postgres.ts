import { setTimeout as wait } from 'node:timers/promises'
import type { Cluster } from '@mianmi/api/testing/postgres'
import pg from 'pg'
import { type Database, type Snapshot, statements } from './database.ts'

/** Columns of 8 bytes are numbers here: times in ms. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
}

/** Another process that is at work in this database: the backend of a node that died may still commit. */
const busy = `select count(*)::int as count from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()
    and backend_type = 'client backend' and state <> 'idle'`

/** Makes a database in the cluster. */
export async function postgresDatabase(cluster: Cluster, name: string): Promise<Database> {
  const maker = new pg.Client({ connectionString: cluster.url('postgres') })
  await maker.connect()
  await maker.query(`create database ${name}`)
  await maker.end()
  const client = new pg.Client({ connectionString: cluster.url(name), types })
  await client.connect()
  const isBusy = async (): Promise<boolean> =>
    (await client.query<{ count: number }>(busy)).rows[0]?.count !== 0
  return {
    // The nodes share the machine with other work, so they wait long for it.
    url: `${cluster.url(name)}?pool=4&timeout=60000`,
    forgetsCodes: false,
    async read() {
      while (await isBusy()) await wait(5)
      await client.query('begin isolation level repeatable read read only')
      const read: [string, unknown][] = []
      for (const [table, statement] of Object.entries(statements))
        read.push([table, (await client.query(statement)).rows])
      await client.query('commit')
      return Object.fromEntries(read) as unknown as Snapshot
    },
    close: () => client.end(),
  }
}
