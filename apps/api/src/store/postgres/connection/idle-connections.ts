import type pg from 'pg'

interface IdleConnection {
  readonly client: pg.PoolClient
  readonly since: number
}

/** Open connections that nothing uses. */
export interface IdleConnections {
  /** The one that was used last. */
  take(): pg.PoolClient | null
  keep(client: pg.PoolClient): void
  /** Returns it if it was there. */
  remove(client: object): pg.PoolClient | null
  /** Gives all of them to `pg`'s pool, and keeps none from now on. */
  close(): void
}

/**
 * Keeps connections leased from `pg`'s pool, because the pool hands an idle one over only at the next tick, and sets two
 * timers for it. They go back to it after `idleMs`, and are closed.
 */
export function createIdleConnections(idleMs: number): IdleConnections {
  let idle: IdleConnection[] = []
  let isClosed = false
  const closeOld = (): void => {
    const oldest = performance.now() - idleMs
    const old = idle.filter(({ since }) => since <= oldest)
    idle = idle.filter(({ since }) => since > oldest)
    for (const { client } of old) client.release(true)
  }
  const timer = setInterval(closeOld, idleMs / 10).unref()
  return {
    take: () => idle.pop()?.client ?? null,
    keep(client) {
      if (isClosed) client.release()
      else idle.push({ client, since: performance.now() })
    },
    remove(client) {
      const found = idle.find((one) => one.client === client)
      idle = idle.filter((one) => one !== found)
      return found?.client ?? null
    },
    close() {
      isClosed = true
      clearInterval(timer)
      const all = idle
      idle = []
      for (const { client } of all) client.release()
    },
  }
}
