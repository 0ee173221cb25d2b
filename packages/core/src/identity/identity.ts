import type { SealedKey } from '../vault/session-key-vault.ts'

/** What WeChat says about the caller: an openid belongs to one app, a unionid to one Open Platform account. */
export interface Identity {
  readonly appId: string
  readonly openid: string
  readonly unionid: string | null
  /** The session_key that came with it, sealed. */
  readonly key: SealedKey
}

/**
 * An identity that is to be bound, and the hash of the ticket to consume with it (null where it came by a
 * code).
 */
export interface ClaimedIdentity {
  readonly identity: Identity
  readonly ticketHash: string | null
}

export interface BoundIdentity {
  readonly appId: string
  readonly boundAt: number
}
