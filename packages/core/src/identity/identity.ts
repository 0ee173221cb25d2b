import type { SealedKey } from '../vault/session-key-vault.ts'

/** What WeChat says about the caller: an openid belongs to one app, a unionid to one Open Platform account. */
export interface Identity {
  readonly appId: string
  readonly openid: string
  readonly unionid: string | null
  /** The session_key that came with it, sealed. */
  readonly key: SealedKey
}

/** Which identity is meant. */
export type IdentityRef = Pick<Identity, 'appId' | 'openid'>

/**
 * An identity that is to be bound, and the hash of the ticket to consume with it (null where it came by a
 * code).
 */
export interface ClaimedIdentity {
  readonly identity: Identity
  readonly ticketHash: string | null
}

/** How an identity was bound; `unknown` for a binding of an earlier version, `admin` for one that a merge moved. */
export type BoundBy = 'register' | 'password' | 'phone' | 'unionid' | 'admin' | 'unknown'

/** How, when and with which device an identity was bound. Times are milliseconds since the epoch. */
export interface Binding {
  readonly boundAt: number
  readonly boundBy: BoundBy
  /** When a session of the user in this app was last seen, also one that has ended; `boundAt` at the earliest. */
  readonly lastSeenAt: number
  /** The User-Agent of the call that bound it. */
  readonly device: string | null
}

export interface BoundIdentity extends Binding {
  readonly appId: string
}
