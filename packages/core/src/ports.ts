import type { Passwords } from './account/passwords.ts'
import type { UserStore } from './account/user-store.ts'
import type { IdentityStore } from './identity/identity-store.ts'
import type { TicketStore } from './identity/ticket-store.ts'
import type { WechatGate } from './identity/wechat-gate.ts'
import type { SessionStore } from './session/session-store.ts'
import type { TokenMaker } from './session/tokens.ts'

/** What the service decides for its operator. Durations are milliseconds. */
export interface Policy {
  /** Whether an unknown identity must bind to an account, or becomes a user at once. */
  readonly signUp: 'bind' | 'auto'
  readonly refreshTokenTtl: number
  readonly ticketTtl: number
}

/** Everything the use cases reach the world through. */
export interface Ports {
  readonly users: UserStore
  readonly identities: IdentityStore
  readonly tickets: TicketStore
  readonly sessions: SessionStore
  readonly tokens: TokenMaker
  readonly passwords: Passwords
  readonly wechat: WechatGate
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly policy: Policy
}
