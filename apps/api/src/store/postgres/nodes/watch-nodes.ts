import type { Queries } from '../connection/index.ts'
import { describeDifferences, type NodeSettings } from './node-settings.ts'

const lookEveryMs = 60_000

interface NodeWatchOptions {
  readonly reads: Pick<Queries, 'all'>
  readonly settings: NodeSettings
  readonly warn: (line: string) => void
}

/**
 * Warns once of each node that is connected to the same database with another ISSUER or other WECHAT_APPS. It refuses no
 * start: both change node by node.
 */
export function watchNodes({ reads, settings, warn }: NodeWatchOptions): {
  look(): Promise<void>
  close(): void
} {
  const warned = new Set<string>()
  const look = async (): Promise<void> => {
    let rows: { name: string }[] = []
    try {
      rows = await reads.all<{ name: string }>(connected)
    } catch {
      // The database is away, which every call says; or the engine has no such view, or shows it to its administrators only.
    }
    for (const line of rows.flatMap(({ name }) => describeDifferences(settings, name))) {
      if (!warned.has(line)) warn(line)
      warned.add(line)
    }
  }
  const timer = setInterval(() => void look(), lookEveryMs).unref()
  return { look, close: () => clearInterval(timer) }
}

const connected = `select distinct application_name as name from pg_stat_activity
where datname = current_database() and application_name like 'mianmi %'`
