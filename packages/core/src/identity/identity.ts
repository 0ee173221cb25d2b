import type { SealedKey } from '../vault/session-key-vault.ts'

/** Who WeChat says is calling: an openid belongs to one app, a unionid to one Open Platform account. */
export interface Identity {
  readonly appId: string
  readonly openid: string
  readonly unionid: string | null
  /** The session_key that came with it. */
  readonly key: SealedKey
}

/** An identity that asks to be bound, and the ticket to burn with it when it came by ticket. */
export interface ClaimedIdentity {
  readonly identity: Identity
  readonly ticketHash: string | null
}

export interface BoundIdentity {
  readonly appId: string
  readonly boundAt: number
}
