import type { Passwords } from './account/passwords.ts'
import type { UserStore } from './account/user-store.ts'
import type { AuditLog } from './audit/audit-log.ts'
import type { AvatarStore } from './avatar/avatar-store.ts'
import type { Inflate } from './avatar/inflate.ts'
import type { CodeStore } from './identity/code-store.ts'
import type { IdentityStore } from './identity/identity-store.ts'
import type { TicketStore } from './identity/ticket-store.ts'
import type { WechatGateway } from './identity/wechat-gateway.ts'
import type { LimitStore } from './rate-limit/limit-store.ts'
import type { SessionStore } from './session/session-store.ts'
import type { TokenMaker } from './session/tokens.ts'
import type { OpenDataReader } from './vault/open-data-reader.ts'
import type { SessionKeyVault } from './vault/session-key-vault.ts'

/** Settings of the service that the use cases need. Durations are milliseconds. */
export interface Policy {
  /** `bind`: an unknown identity must bind to an account. `auto`: it becomes a user at once. */
  readonly signUp: 'bind' | 'auto'
  /** How long a session lives without a refresh. It ends after twelve times as long in any case. */
  readonly refreshTokenTtl: number
  readonly ticketTtl: number
  /** How long a proven number vouches for its owner; 0: never. */
  readonly phoneTrust: number
  /** Multiplies every limit. */
  readonly rateLimitFactor: number
}

/** Everything that the use cases of users need from outside. Each use case takes the part that it needs. */
export interface Ports {
  readonly users: UserStore
  readonly avatars: AvatarStore
  readonly inflate: Inflate
  readonly identities: IdentityStore
  readonly tickets: TicketStore
  readonly sessions: SessionStore
  readonly limits: LimitStore
  readonly codes: CodeStore
  readonly audit: AuditLog
  readonly tokens: TokenMaker
  readonly passwords: Passwords
  readonly wechat: WechatGateway
  readonly vault: SessionKeyVault
  readonly openData: OpenDataReader
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Waits, in ms, until the requests that arrived in the meantime have begun. */
  readonly pause: (ms: number) => Promise<void>
  readonly policy: Policy
  /** The configured appids. */
  readonly appIds: readonly string[]
}
