/** A line by its id and time. */
export interface LinePlace {
  readonly id: number
  readonly at: number
}

/** What `verify` of the audit log has found. */
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
