import { createHmac, type KeyObject } from 'node:crypto'

/** What the MAC of a line covers: every column but the MAC itself. */
// A type and no interface: it is passed to statements, whose values are indexed by name.
export type ChainedLine = {
  readonly id: number
  readonly at: number
  readonly action: string
  readonly outcome: string
  readonly userId: string | null
  readonly adminId: string | null
  readonly appId: string | null
  readonly address: string | null
  readonly device: string | null
  readonly isRead: number
  readonly count: number
}

const macBytes = 16

export interface Link {
  /** Stored with the line. */
  readonly mac: Buffer
  /**
   * Goes into the MAC of the next line. Only the newest one is stored: with the other half alone, which the lines have,
   * neither the next line nor an earlier end of the chain can be made.
   */
  readonly state: Buffer
}

/** The two halves of HMAC-SHA-256 over the state after the line before, and the line. */
export function linkLine(key: KeyObject, state: Buffer, line: ChainedLine): Link {
  const { id, at, action, outcome, userId, adminId, appId, address, device, isRead, count } = line
  const subjects = [userId, adminId, appId, address, device]
  const text = JSON.stringify([id, at, action, outcome, ...subjects, isRead, count])
  return halvesOf(createHmac('sha256', key).update(state).update(text).digest())
}

/** The state before the first line, and after the lines that were deleted when they expired. */
export interface Anchor {
  /** Lines up to this id were written by an earlier version, without a MAC. */
  readonly unchainedUntil: number
  /** The newest line that is not in the chain any more, or never was. */
  readonly anchorId: number
  readonly anchorState: Buffer
}

export function startState(key: KeyObject, unchainedUntil: number): Buffer {
  return halvesOf(createHmac('sha256', key).update(`start ${unchainedUntil}`).digest()).state
}

/** Authenticates the anchor, which would else be replaced by any state that the database once had. */
export function sealAnchor(key: KeyObject, anchor: Anchor): Buffer {
  const { unchainedUntil, anchorId, anchorState } = anchor
  return createHmac('sha256', key)
    .update(`anchor ${unchainedUntil} ${anchorId} `)
    .update(anchorState)
    .digest()
}

/** Authenticates which user a pseudonym stands for. */
export function subjectMac(key: KeyObject, { userId, pseudonym }: Subject): Buffer {
  return halvesOf(createHmac('sha256', key).update(`subject ${pseudonym} ${userId}`).digest()).mac
}

export interface Subject {
  readonly userId: string
  readonly pseudonym: string
}

function halvesOf(digest: Buffer): Link {
  return { mac: digest.subarray(0, macBytes), state: digest.subarray(macBytes) }
}
