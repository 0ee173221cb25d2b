import { type KeyObject, timingSafeEqual } from 'node:crypto'
import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import type { Database } from '../database.ts'
import { lineColumns } from './chain.ts'
import { onlyChain, openChainKey, wasChained } from './chain-record.ts'
import { type ChainedLine, linkLine, type Subject, sealAnchor, subjectMac } from './line-mac.ts'
import { auditChain } from './schema.ts'

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
  /** When the chain was started because the record of the one before was deleted, in ms. Lines are missing before it. */
  readonly restartedAt: number | null
  /** Null where nothing was found. */
  readonly fault: AuditFault | null
}

export type AuditFault =
  | { readonly kind: 'no_chain' | 'chain_altered' }
  /** A line was altered, inserted or moved here, or lines before it were deleted. */
  | { readonly kind: 'line'; readonly place: LinePlace; readonly after: LinePlace | null }
  /** A pseudonym was given to another user. */
  | { readonly kind: 'subject'; readonly pseudonym: string }
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
    const chain = orm.select().from(auditChain).where(onlyChain).get()
    const none = {
      verified: 0,
      first: null,
      last: null,
      mac: null,
      earlier: 0,
      restartedAt: null,
    }
    if (chain === undefined) {
      const chained = sqlite.prepare('select 1 from audit_events where mac is not null limit 1')
      const earlier = sqlite.prepare('select count(*) from audit_events').pluck().get() as number
      if (chained.get() !== undefined || wasChained(database, sealer))
        return { ...none, fault: { kind: 'no_chain' } }
      return { ...none, earlier, fault: null }
    }
    const { key, restartedAt } = openChainKey(sealer, chain.sealedKey)
    if (!isEqual(sealAnchor(key, chain), chain.anchorSeal))
      return { ...none, restartedAt, fault: { kind: 'chain_altered' } }
    const lines = sqlite
      .prepare<[], StoredLine>(`select ${lineColumns}, mac from audit_events order by id`)
      .iterate()
    const verified = verifyLines(lines, { ...chain, restartedAt }, key)
    return verified.fault === null ? { ...verified, fault: findSubject(database, key) } : verified
  })()
}

function verifyLines(
  lines: Iterable<StoredLine>,
  chain: ChainRow & { restartedAt: number | null },
  key: KeyObject,
): AuditVerification {
  let found: AuditVerification = {
    verified: 0,
    first: null,
    last: null,
    mac: null,
    earlier: 0,
    restartedAt: chain.restartedAt,
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

/** The first pseudonym whose MAC is not over its user. */
function findSubject({ sqlite }: Database, key: KeyObject): AuditFault | null {
  const subjects = sqlite
    .prepare<[], Subject & { mac: Buffer | null }>(
      'select user_id as userId, pseudonym, mac from audit_subjects',
    )
    .iterate()
  for (const { mac, ...subject } of subjects) {
    const isOwn = mac !== null && isEqual(mac, subjectMac(key, subject))
    if (!isOwn) return { kind: 'subject', pseudonym: subject.pseudonym }
  }
  return null
}

/** Lines of an earlier version come before the chain, as long as none of its own has expired. */
function isEarlier(
  { id, mac }: StoredLine,
  {
    unchainedUntil,
    restartedAt,
  }: Pick<ChainRow, 'unchainedUntil'> & { restartedAt: number | null },
): boolean {
  // Those of a chain that was deleted have MACs that verify no more. The restart is the fault.
  return (mac === null || restartedAt !== null) && id > 0 && id <= unchainedUntil
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
