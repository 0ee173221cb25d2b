import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { AuditKeySealer } from '../../tokens/audit-key-sealer.ts'
import { type Anchor, sealAnchor, startState } from './line-mac.ts'

/** The id of the one row of `audit_chain`. */
export const chainId = 1
/** The id of the row of `audit_chain` that lets the next start begin a first chain. */
export const leaveId = 2

export interface ChainKey {
  readonly key: KeyObject
  /** When the chain was started because the record of the one before was deleted, in ms; null for the first chain. */
  readonly restartedAt: number | null
}

/** The columns of a row of `audit_chain`, besides its id. */
export interface ChainRow extends Anchor {
  readonly sealedKey: string
  readonly anchorSeal: Buffer
  readonly headId: number
  readonly headState: Buffer
}

/** The sealed text is the key, and after a space the time of a restart. */
export function openChainKey(sealer: AuditKeySealer, sealed: string): ChainKey {
  const [secret = '', restartedAt] = sealer.open(sealed).split(' ')
  const key = createSecretKey(secret, 'base64url')
  return { key, restartedAt: restartedAt === undefined ? null : Number(restartedAt) }
}

/** A chain that starts after the lines up to `unchainedUntil`, and its key. */
export function draftChain(
  sealer: AuditKeySealer,
  { unchainedUntil, restartedAt }: { unchainedUntil: number; restartedAt: number | null },
): { readonly key: KeyObject; readonly row: ChainRow } {
  const secret = randomBytes(32).toString('base64url')
  const key = createSecretKey(secret, 'base64url')
  const state = startState(key, unchainedUntil)
  const anchor = { unchainedUntil, anchorId: unchainedUntil, anchorState: state }
  const sealedKey = sealer.seal(restartedAt === null ? secret : `${secret} ${restartedAt}`)
  const anchorSeal = sealAnchor(key, anchor)
  return {
    key,
    row: { sealedKey, ...anchor, anchorSeal, headId: unchainedUntil, headState: state },
  }
}

/**
 * A row that lets the next start begin a first chain after the lines that are there, because the key of the one before is
 * lost.
 *
 * @param newestId of the newest line; 0 where there is none
 */
export function draftLeave(sealer: AuditKeySealer, newestId: number): ChainRow {
  const none = Buffer.alloc(0)
  const anchor = { unchainedUntil: 0, anchorId: 0, anchorState: none, anchorSeal: none }
  return { sealedKey: sealer.seal(leaveText(newestId)), ...anchor, headId: 0, headState: none }
}

/** Whether a row of `draftLeave` lets a chain begin now: only after the lines of that time. */
export function isLeave(sealer: AuditKeySealer, sealed: string, newestId: number): boolean {
  try {
    return sealer.open(sealed) === leaveText(newestId)
  } catch {
    return false
  }
}

const leaveText = (newest: number): string => `begins after ${newest}`
