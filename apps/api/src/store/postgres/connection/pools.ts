import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Hosts, requirePrimary } from './hosts.ts'
import { createIdleConnections } from './idle-connections.ts'
import { asConnectError, type QueryError } from './query-error.ts'
import type { StoreMetrics } from './store-metrics.ts'
import type { TimeLimits } from './time-limits.ts'
import type { PostgresSettings } from './url.ts'

/** A connection, until it is released. */
export interface Lease {
  readonly client: pg.PoolClient
  /** Gives the connection back, or closes it where `error` says that it is of no use. */
  release(error: QueryError | null): void
}

export interface Pool {
  readonly max: number
  /** A connection that is open and unused, where there is one. */
  leaseIdle(): Lease | null
  /** @throws QueryError */
  lease(): Promise<Lease>
}

export interface Pools {
  readonly reads: Pool
  readonly groups: Pool
  readonly transactions: Pool
  /** One connection for a snapshot, which its reader holds for as long as it likes. Opened when it is first needed. */
  readonly snapshots: Pool
  close(): Promise<void>
}

/** Idle connections are kept for as long, in ms. */
const idleMs = 10 * 60_000

/**
 * The pools of a node. A call never holds two connections, so pools of one connection cannot wait for one another. With
 * fewer than three connections all share one pool, but for the one of snapshots, which comes on top.
 */
export function createPools(
  { pool: total, limits }: Pick<PostgresSettings, 'pool' | 'limits'>,
  hosts: Hosts,
  metrics: StoreMetrics,
): Pools {
  let generation = 0
  const open = (max: number) =>
    createPool({
      ...{ max, limits, hosts, metrics },
      ...{ generation: () => generation, expire: () => generation++ },
    })
  const snapshots = open(1)
  const named = (reads: OpenPool, groups: OpenPool, transactions: OpenPool): Pools => ({
    ...{ reads, groups, transactions, snapshots },
    close: async () => {
      const all = new Set([reads, groups, transactions, snapshots])
      await Promise.all([...all].map((pool) => pool.close()))
    },
  })
  if (total < 3) {
    const shared = open(total)
    return named(shared, shared, shared)
  }
  const few = Math.max(1, Math.floor(total / 4))
  return named(open(few), open(few), open(total - 2 * few))
}

type OpenPool = ReturnType<typeof createPool>

interface PoolOptions {
  readonly max: number
  readonly limits: TimeLimits
  readonly hosts: Hosts
  readonly metrics: StoreMetrics
  /** Connections of an earlier generation are closed when they are leased next. */
  readonly generation: () => number
  readonly expire: () => void
}

function createPool({ max, limits, hosts, metrics, generation, expire }: PoolOptions) {
  const generations = new WeakMap<object, number>()
  const idle = createIdleConnections(idleMs)
  const pool = new pg.Pool({
    max,
    Client: hosts.Client,
    connectionTimeoutMillis: limits.queue,
    idleTimeoutMillis: idleMs,
    onConnect: async (client) => {
      // The pool itself listens to the connections that it has not leased.
      client.on('error', () => {
        const removed = idle.remove(client)
        if (removed === null) return
        metrics.disconnects += 1
        removed.release(true)
      })
      await requirePrimary(client)
      generations.set(client, generation())
      metrics.connections += 1
    },
  })
  // Without a listener, the error of an idle connection would end the process.
  pool.on('error', () => {
    metrics.disconnects += 1
  })

  const release = (client: pg.PoolClient) => (error: QueryError | null) => {
    metrics.inFlight -= 1
    const { kind } = error ?? {}
    if (kind === 'read_only') expire()
    const isUseless = kind === 'lost' || kind === 'read_only'
    if (isUseless) metrics.disconnects += 1
    if (isUseless || pool.waitingCount > 0) client.release(isUseless)
    else idle.keep(client)
  }
  const takeIdle = (): Lease | null => {
    for (let client = idle.take(); client !== null; client = idle.take()) {
      if (generations.get(client) === generation()) return { client, release: release(client) }
      client.release(true)
    }
    return null
  }
  const leaseIdle = (): Lease | null => {
    const taken = takeIdle()
    if (taken !== null) metrics.inFlight += 1
    return taken
  }
  const lease = async (): Promise<Lease> => {
    metrics.inFlight += 1
    try {
      return await acquire()
    } catch (error) {
      metrics.inFlight -= 1
      throw error
    }
  }
  const acquire = async (): Promise<Lease> => {
    const until = performance.now() + limits.connect
    for (;;) {
      const taken = takeIdle()
      if (taken !== null) return taken
      const attempt = hosts.attempt()
      try {
        const client = await pool.connect()
        if (generations.get(client) === generation()) return { client, release: release(client) }
        client.release(true)
      } catch (thrown) {
        const error = asConnectError(thrown)
        if (performance.now() >= until || !(await canRetry(attempt, error))) throw error
      }
    }
  }
  const canRetry = async (attempt: ReturnType<Hosts['attempt']>, error: QueryError) => {
    if (error.code !== '53300') return isAboutHost(error) && hosts.failed(attempt, error)
    // The server has no more connections. Another one of this pool may be given back soon.
    await sleep(10 + Math.random() * 40)
    return true
  }
  return {
    max,
    leaseIdle,
    lease,
    async close() {
      idle.close()
      await pool.end()
    },
  }
}

/** A pool whose connections are all leased says nothing about its host. */
const isAboutHost = ({ cause }: QueryError): boolean =>
  (cause as Error).message !== 'timeout exceeded when trying to connect'
