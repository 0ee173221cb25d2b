import { chainId } from '../../audit/chain-key.ts'
import type { Queries } from '../connection/index.ts'

/** Time between two looks, in ms. */
const lookEveryMs = 10_000

/** A line of the audit log. */
export interface KnownLine {
  readonly id: number
  readonly mac: string
}

export interface RestorationWatch {
  /**
   * Looks whether the database has become an older copy of itself. Rejects where it has, and what depends on it could not
   * be brought in line yet: the next look tries again.
   */
  look(): Promise<void>
  /** How often it has become one. */
  count(): number
  close(): void
}

interface RestorationOptions {
  readonly reads: Queries
  /** The newest line that this node has written. */
  readonly written: () => KnownLine | null
  /** Drops what is remembered of the former database, and writes what the older copy lacks. May be called again. */
  readonly onRestored: () => Promise<void>
  readonly warn: (line: string) => void
  readonly onError: (error: unknown) => void
}

/**
 * Notices a database that was put back under a running node: from a backup, or by a fail-over to a server that lacks the
 * last transactions. Each line of the audit log is there for a year with a MAC of its own, so one that this node has
 * written or read, and that is missing or another one, shows it. It is asked for every ten seconds, and at each `/readyz`.
 */
export function watchRestoration(options: RestorationOptions): RestorationWatch {
  const { reads, written, onRestored, warn, onError } = options
  let known: KnownLine | null = null
  let count = 0
  let isInLine = true

  const lookNow = async (): Promise<void> => {
    const asked = newer(known, written())
    const found = await reads.first<FoundLines>(find, [chainId, asked?.id ?? null])
    if (asked !== null && isLost(asked, found)) {
      count++
      isInLine = false
      warn(
        `the database is an older copy: line ${asked.id} of the audit log is missing. Sessions that were ended since the copy was made are live again`,
      )
    }
    known = found?.id && found.mac ? { id: found.id, mac: found.mac } : null
    if (isInLine) return
    await onRestored()
    isInLine = true
  }
  let running: Promise<void> | null = null
  const look = (): Promise<void> => {
    running ??= lookNow().finally(() => {
      running = null
    })
    return running
  }
  // While the database is away, every call says so.
  const timer = setInterval(() => void look().catch(isInLine ? () => {} : onError), lookEveryMs)
  timer.unref()
  return { look, count: () => count, close: () => clearInterval(timer) }
}

interface FoundLines {
  /** The lines up to this one have expired. */
  readonly anchorId: number
  readonly isThere: boolean
  /** Of the line that was asked for; null after `reseal` has discarded the chain. */
  readonly askedMac: string | null
  /** The newest line. */
  readonly id: number | null
  readonly mac: string | null
}

const find = `select coalesce(c.anchor_id, 0) as "anchorId", asked.id is not null as "isThere",
    encode(asked.mac, 'hex') as "askedMac", newest.id, encode(newest.mac, 'hex') as mac
  from (select $1::bigint as chain, $2::bigint as line) it
  left join audit_chain c on c.id = it.chain
  left join audit_events asked on asked.id = it.line
  left join lateral (select id, mac from audit_events order by id desc limit 1) newest on true`

const newer = (one: KnownLine | null, other: KnownLine | null): KnownLine | null =>
  one === null || (other !== null && other.id > one.id) ? other : one

function isLost({ id, mac }: KnownLine, found: FoundLines | null): boolean {
  if (found === null) return false
  if (found.isThere) return found.askedMac !== null && found.askedMac !== mac
  return id > found.anchorId
}
