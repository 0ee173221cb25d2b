import type { Reason } from '../failure.ts'

/** What is written down. An operator's actions are named by the procedure. */
export const auditActions = [
  'sign_in',
  'bind',
  'register',
  'refresh_reuse',
  'sign_out',
  'session_revoke',
  'unbind',
  'profile_change',
  'password_change',
  'phone_change',
  'account_delete',
  'open_data',
  'admin.operator.signIn',
  'admin.operator.enrol',
  'admin.operator.proveCode',
  'admin.operator.current',
  'admin.operator.signOut',
  'admin.operator.renewRecoveryCodes',
  'admin.overview',
  'admin.people.list',
  'admin.people.view',
  'admin.people.disable',
  'admin.people.enable',
  'admin.people.endSessions',
  'admin.people.unbind',
  'admin.people.resetSessionKey',
  'admin.people.remove',
  'admin.people.revealPhone',
  'admin.conflicts.list',
  'admin.conflicts.preview',
  'admin.conflicts.merge',
  'admin.conflicts.merges',
  'admin.conflicts.undo',
  'admin.audit.list',
  'admin.audit.count',
  'admin.apps.list',
  'admin.apps.test',
  'admin.settings',
] as const

export type AuditAction = (typeof auditActions)[number]

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
  /** Whom it happened to. */
  readonly userId: string | null
  /** The operator who did it; absent where the user did. */
  readonly operatorId?: string | null
  readonly appId: string | null
  /** Null for the deletion of an account, which leaves nothing personal behind. */
  readonly origin: Origin | null
  /** Whether a sign-in made a user: counted, and not kept with the line. */
  readonly newUser?: boolean
}

export interface AuditLog {
  /** Writes the event down soon, in order; an answer that depends on it is never held up. */
  record(event: AuditEvent): void
}
