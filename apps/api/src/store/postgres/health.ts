import type { StoreHealth } from '../store.ts'
import type { Postgres } from './connection/index.ts'

/** How long the database may be away until the node is not ready any more, in ms: a fail-over takes as long. */
const graceMs = 3_000

interface HealthOptions {
  /** Of the migrations of this version. */
  readonly hashes: readonly string[]
  /** Rejects where the database has become an older copy, and the node is not in line with it yet. */
  readonly checkRestoration: () => Promise<void>
}

/**
 * The health of a node's database: it is ready where a write could begin, because other pools of the node may be refused
 * while the one for reads has its connections. A node that is taken out of the balancer at the first failure of its database would
 * take all nodes out at each fail-over.
 *
 * @param uptime a time in ms that no setting of the clock changes
 */
export function createHealth(
  { reads, requireWritable }: Pick<Postgres, 'reads' | 'requireWritable'>,
  { hashes, checkRestoration }: HealthOptions,
  uptime = (): number => performance.now(),
): StoreHealth {
  const check = async (): Promise<void> => {
    const found = await reads.first<{ readOnly: string; applied: number }>(
      `select current_setting('transaction_read_only') as "readOnly",
           (select count(*) from applied_migrations where hash = any ($1::text[])) as applied`,
      [hashes],
    )
    if (found?.readOnly !== 'off') throw new Error('the database takes no writes')
    if (found.applied !== hashes.length)
      throw new Error('the schema of the database is that of another version')
    await requireWritable()
    await checkRestoration()
  }
  let failingSince: number | null = null
  return {
    async ready() {
      try {
        await check()
        failingSince = null
      } catch (error) {
        failingSince ??= uptime()
        if (uptime() - failingSince >= graceMs) throw error
      }
    },
    async bytes() {
      try {
        const found = await reads.first<{ bytes: number }>(
          'select pg_database_size(current_database()) as bytes',
        )
        return found?.bytes ?? null
      } catch {
        // Other engines do not have the function, or do not let every role call it.
        return null
      }
    },
  }
}
