import type { KeyObject } from 'node:crypto'
import { type AuditEvent, auditKindOf } from '@mianmi/core'
import { type ChainedLine, linkLine } from './line-mac.ts'

/** The newest line of the chain, and the state after it. */
export interface ChainHead {
  readonly id: number
  readonly state: Buffer
}

/**
 * Links events to the chain, in their order.
 *
 * @param pseudonymOf the name under which the audit log has a user
 * @returns the lines with their MACs, and the head after them
 */
export function linkEvents(
  { key, pseudonymOf }: { key: KeyObject; pseudonymOf: (userId: string) => string },
  head: ChainHead,
  events: readonly AuditEvent[],
): {
  readonly lines: readonly (ChainedLine & { readonly mac: Buffer })[]
  readonly head: ChainHead
} {
  let { id, state } = head
  const lines = events.map((event) => {
    id += 1
    const line = lineOf(event, id, pseudonymOf)
    const link = linkLine(key, state, line)
    state = link.state
    return { ...line, mac: link.mac }
  })
  return { lines, head: { id, state } }
}

function lineOf(event: AuditEvent, id: number, pseudonymOf: (id: string) => string): ChainedLine {
  const { at, action, outcome, userId, adminId = null, appId, origin, count = 1 } = event
  return {
    id,
    at,
    action,
    outcome,
    userId: wellFormed(userId && pseudonymOf(userId)),
    adminId: wellFormed(adminId && pseudonymOf(adminId)),
    appId: wellFormed(appId),
    address: wellFormed(origin?.address ?? null),
    device: wellFormed(origin?.device ?? null),
    isRead: auditKindOf(action) === 'read' ? 1 : 0,
    count,
  }
}

/**
 * A database stores a lone surrogate as another character than the MAC was made over. Most texts have no surrogate at
 * all, which costs least to find out.
 */
const wellFormed = (text: string | null): string | null =>
  text !== null && /[\uD800-\uDFFF]/.test(text) ? Buffer.from(text).toString() : text
