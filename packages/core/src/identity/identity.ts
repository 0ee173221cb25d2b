/** Who WeChat says is calling: an openid belongs to one app, a unionid to one Open Platform account. */
export interface Identity {
  readonly appId: string
  readonly openid: string
  readonly unionid: string | null
}

/** An identity that asks to be bound, and the ticket to burn with it when it came by ticket. */
export interface Claim {
  readonly identity: Identity
  readonly ticketHash: string | null
}
