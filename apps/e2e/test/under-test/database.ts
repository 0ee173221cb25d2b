import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'

type Environment = Readonly<Record<string, string | undefined>>

const script = fileURLToPath(new URL('../../testing/run-statement.mjs', import.meta.url))
const created = new Set<string>()

/** Whether the services of the tests run on PostgreSQL. */
export const isOnPostgres = inject('nodesUnderTest') !== null

/** How many nodes a service of the tests has. */
export const nodesUnderTest = (): number => inject('nodesUnderTest')?.nodes ?? 1

/** Runs a statement on a PostgreSQL database and returns its rows. @throws Error with the server's message */
export function runStatement<Row>(url: string, statement: string): Row[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, url, statement], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Row[]
}

/**
 * The environment of a service or a command that works in the folder `cwd`. On PostgreSQL a database of its own stands for
 * each SQLite file, and the variables that PostgreSQL requires are filled in. The tests share the machine with other work,
 * so the nodes wait long for it.
 */
export function environmentUnderTest<Env extends Environment>(cwd: string, env: Env): Env {
  const { DATABASE_URL: url = 'file:.data/mianmi.db', ISSUER = 'http://127.0.0.1:3000' } = env
  if (!isOnPostgres || !url.startsWith('file:')) return env
  return {
    ...env,
    ISSUER,
    DATABASE_URL: `${databaseFor(resolve(cwd, url.slice('file:'.length)))}?timeout=60000`,
  }
}

/** The address of the PostgreSQL database that stands for a SQLite file. */
export function databaseFor(file: string): string {
  const { clusterUrl } = inject('nodesUnderTest') ?? { clusterUrl: '' }
  const name = `e2e_${createHash('sha256').update(file).digest('hex').slice(0, 24)}`
  if (!created.has(name)) {
    const known = runStatement(clusterUrl, `select 1 from pg_database where datname = '${name}'`)
    if (known.length === 0) runStatement(clusterUrl, `create database ${name}`)
    created.add(name)
  }
  return clusterUrl.replace(/[^/]*$/, name)
}
