import { createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { AuditKeySealer } from '../../tokens/audit-key-sealer.ts'
import type { Database } from '../database.ts'
import { auditChain } from '../schema.ts'
import { lineColumns } from './chain.ts'
import { type ChainedLine, linkLine, sealAnchor } from './line-mac.ts'

type StoredLine = ChainedLine & { readonly mac: Buffer | null }
type ChainRow = typeof auditChain.$inferSelect

/** A line by its id and time. */
export interface LinePlace {
  readonly id: number
  readonly at: number
}

export interface AuditVerification {
  /** How many lines follow from each other without a fault. */
  readonly verified: number
  /** The first and the last of them. */
  readonly first: LinePlace | null
  readonly last: LinePlace | null
  /** MAC of the last one, in hexadecimal: to be compared with what the service logs each day. */
  readonly mac: string | null
  /** Lines of an earlier version, which have no MAC and are not verified. */
  readonly earlier: number
  /** Null where nothing was found. */
  readonly fault: AuditFault | null
}

export type AuditFault =
  | { readonly kind: 'no_chain' | 'chain_altered' }
  /** A line was altered, inserted or moved here, or lines before it were deleted. */
  | { readonly kind: 'line'; readonly place: LinePlace; readonly after: LinePlace | null }
  /** Lines at the end are missing. */
  | { readonly kind: 'end'; readonly newestId: number; readonly after: LinePlace | null }

/**
 * Checks the chain of the audit log from its oldest line to its newest, in one snapshot of the database. The service may
 * run meanwhile.
 *
 * @throws Error where the key of the chain was sealed under another SECRET_KEY
 */
export function verifyAudit(database: Database, sealer: AuditKeySealer): AuditVerification {
  const { orm, sqlite } = database
  return sqlite.transaction((): AuditVerification => {
    const chain = orm.select().from(auditChain).where(eq(auditChain.id, 1)).get()
    const none = { verified: 0, first: null, last: null, mac: null, earlier: 0 }
    if (chain === undefined) {
      const isEmpty = sqlite.prepare('select 1 from audit_events limit 1').get() === undefined
      return { ...none, fault: isEmpty ? null : { kind: 'no_chain' } }
    }
    const key = createSecretKey(sealer.open(chain.sealedKey), 'base64url')
    if (!isEqual(sealAnchor(key, chain), chain.anchorSeal))
      return { ...none, fault: { kind: 'chain_altered' } }
    const lines = sqlite
      .prepare<[], StoredLine>(`select ${lineColumns}, mac from audit_events order by id`)
      .iterate()
    return verifyLines(lines, chain, key)
  })()
}

function verifyLines(
  lines: Iterable<StoredLine>,
  chain: ChainRow,
  key: KeyObject,
): AuditVerification {
  let found: AuditVerification = {
    verified: 0,
    first: null,
    last: null,
    mac: null,
    earlier: 0,
    fault: null,
  }
  let state = chain.anchorState
  for (const line of lines) {
    const place = { id: line.id, at: line.at }
    if (isEarlier(line, chain)) {
      found = { ...found, earlier: found.earlier + 1 }
      continue
    }
    const link = linkLine(key, state, line)
    const follows = line.id > chain.anchorId && line.mac !== null && isEqual(link.mac, line.mac)
    if (!follows) return { ...found, fault: { kind: 'line', place, after: found.last } }
    state = link.state
    const mac = link.mac.toString('hex')
    found = {
      ...found,
      verified: found.verified + 1,
      first: found.first ?? place,
      last: place,
      mac,
    }
  }
  const isWhole =
    isEqual(state, chain.headState) && (found.last?.id ?? chain.anchorId) === chain.headId
  if (isWhole) return found
  return { ...found, fault: { kind: 'end', newestId: chain.headId, after: found.last } }
}

/** Lines of an earlier version come before the chain, as long as none of its own has expired. */
function isEarlier({ id, mac }: StoredLine, { unchainedUntil }: ChainRow): boolean {
  return mac === null && id > 0 && id <= unchainedUntil
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
