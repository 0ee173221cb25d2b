import { type KeyObject, timingSafeEqual } from 'node:crypto'
import type { ChainKey, ChainRow } from './chain-key.ts'
import { type ChainedLine, linkLine, type Subject, sealAnchor, subjectMac } from './line-mac.ts'
import type { AuditFault, AuditVerification } from './verification.ts'

export type StoredLine = ChainedLine & { readonly mac: Buffer | null }
export type StoredSubject = Subject & { readonly mac: Buffer | null }

/** A verification that has found nothing yet. */
export const nothingVerified: AuditVerification = {
  verified: 0,
  first: null,
  last: null,
  mac: null,
  earlier: 0,
  restartedAt: null,
  fault: null,
}

/** Checks the lines of a chain, which are given to it one after the other, the oldest first. */
export interface LineVerifier {
  /** Checks the next line. False where it does not follow: then no further line is needed. */
  next(line: StoredLine): boolean
  /** What was found, after the last line. */
  end(): AuditVerification
}

/** @param chain the row of the chain, whose anchor is checked first */
export function createLineVerifier(chain: ChainRow, { key, restartedAt }: ChainKey): LineVerifier {
  const isAltered = !isEqual(sealAnchor(key, chain), chain.anchorSeal)
  let found: AuditVerification = {
    ...nothingVerified,
    restartedAt,
    fault: isAltered ? { kind: 'chain_altered' } : null,
  }
  let state = chain.anchorState
  return {
    next(line) {
      if (found.fault !== null) return false
      const place = { id: line.id, at: line.at }
      if (isEarlier(line, chain, restartedAt)) {
        found = { ...found, earlier: found.earlier + 1 }
        return true
      }
      const link = linkLine(key, state, line)
      const follows = line.id > chain.anchorId && line.mac !== null && isEqual(link.mac, line.mac)
      if (!follows) {
        found = { ...found, fault: { kind: 'line', place, after: found.last } }
        return false
      }
      state = link.state
      const { verified, first } = found
      const mac = link.mac.toString('hex')
      found = { ...found, verified: verified + 1, first: first ?? place, last: place, mac }
      return true
    },
    end() {
      if (found.fault !== null) return found
      const newest = found.last?.id ?? chain.anchorId
      const isWhole = isEqual(state, chain.headState) && newest === chain.headId
      if (isWhole) return found
      return { ...found, fault: { kind: 'end', newestId: chain.headId, after: found.last } }
    },
  }
}

/** A fault where the MAC of a pseudonym is not over its user; else null. */
export function faultOfSubject(
  { mac, ...subject }: StoredSubject,
  key: KeyObject,
): AuditFault | null {
  const isOwn = mac !== null && isEqual(mac, subjectMac(key, subject))
  return isOwn ? null : { kind: 'subject', pseudonym: subject.pseudonym }
}

/** Lines of an earlier version come before the chain, as long as none of its own has expired. */
function isEarlier(
  { id, mac }: StoredLine,
  { unchainedUntil }: ChainRow,
  restartedAt: number | null,
): boolean {
  // Those of a chain that was deleted have MACs that verify no more. The restart is the fault.
  return (mac === null || restartedAt !== null) && id > 0 && id <= unchainedUntil
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
