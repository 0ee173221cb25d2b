import type { Reason } from '../failure.ts'

export type AuditAction =
  | 'sign_in'
  | 'bind'
  | 'register'
  | 'refresh_reuse'
  | 'sign_out'
  | 'session_revoke'
  | 'unbind'
  | 'profile_change'
  | 'password_change'
  | 'phone_change'
  | 'account_delete'
  | 'open_data'

/** Where a call comes from. */
export interface Origin {
  /** The caller's network address, behind whatever proxies are trusted. */
  readonly address: string
  /** What the caller says it runs on. */
  readonly device: string | null
}

/** One line of the audit log. Never a code, key, token, password or full phone number. */
export interface AuditEvent {
  readonly at: number
  readonly action: AuditAction
  /** `ok`, `unbound`, or the reason of the refusal. */
  readonly outcome: 'ok' | 'unbound' | Reason
  readonly userId: string | null
  readonly appId: string | null
  /** Null for the deletion of an account, which leaves nothing personal behind. */
  readonly origin: Origin | null
}

export interface AuditLog {
  /** Writes the event down soon, in order; an answer that depends on it is never held up. */
  record(event: AuditEvent): void
}
