import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A PostgreSQL cluster of its own, on a free port of the loopback address. */
export interface Cluster {
  readonly port: number
  /** Of the postmaster, for tests that stop it or kill its backends. */
  readonly pid: number
  /** The temporary folder, with `data` in it. It belongs to the user of the cluster. */
  readonly folder: string
  /** Address of a database. The user is a superuser without a password. */
  url(database: string): string
  /** Stops the cluster and removes its folder. */
  stop(): Promise<void>
}

export interface ClusterOptions {
  /** Folder with `initdb` and `postgres`: see `findPostgres`. */
  readonly bin: string
  /**
   * Whether a commit waits for the disk, as in production. A test of races or of crashes wants it; others are several
   * times faster without. Default: true.
   */
  readonly durable?: boolean
  /** Settings of postgres beside, for example `['max_connections=10']`. */
  readonly settings?: readonly string[]
}

const supervisor = fileURLToPath(new URL('supervisor.ts', import.meta.url))
/** Node 22 reads TypeScript with the first one only. */
const nodeOptions = ['--experimental-strip-types', '--no-warnings']
/** Small, because several clusters may run beside the tests; many connections, because each test file has pools. */
const common = ['shared_buffers=32MB', 'max_connections=200', 'timezone=UTC']
const volatile = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off']

/**
 * Starts a cluster: about 3 s. It stops with `stop()`, and also when this process ends in any other way.
 *
 * @example
 * const bin = findPostgres()
 * if (bin !== null) {
 *   const cluster = await startCluster({ bin })
 *   console.log(cluster.url('postgres'))
 *   await cluster.stop()
 * }
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { bin, durable = true, settings = [] } = options
  const parameters = [...common, ...(durable ? [] : volatile), ...settings]
  // In a process group of its own: a Ctrl+C in the terminal must not end it before it has removed the folder.
  const child = spawn(process.execPath, [...nodeOptions, supervisor, bin, ...parameters], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = once(child, 'exit')
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended])
  if (typeof line !== 'string') throw new Error(`PostgreSQL does not start: ${errors.trim()}`)
  const { port, pid, folder } = JSON.parse(line) as { port: number; pid: number; folder: string }
  return {
    port,
    pid,
    folder,
    url: (database) => `postgres://mianmi@127.0.0.1:${port}/${database}`,
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}
