import type { Reason } from '../failure.ts'

/** What a user does. */
const userActions = [
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
] as const

/**
 * What an administrator does: each verb of the admin service with the action name of its audit rows. Rows are kept
 * for 180 days and exported, so a name that is stored once does not change with the code.
 */
export const adminActions = {
  signIn: 'admin.operator.signIn',
  enrol: 'admin.operator.enrol',
  proveCode: 'admin.operator.proveCode',
  currentAdministrator: 'admin.operator.current',
  signOut: 'admin.operator.signOut',
  renewRecoveryCodes: 'admin.operator.renewRecoveryCodes',
  overview: 'admin.overview',
  listPeople: 'admin.people.list',
  viewPerson: 'admin.people.view',
  disablePerson: 'admin.people.disable',
  enablePerson: 'admin.people.enable',
  endSessions: 'admin.people.endSessions',
  unbindPerson: 'admin.people.unbind',
  resetSessionKey: 'admin.people.resetSessionKey',
  removePerson: 'admin.people.remove',
  revealPhone: 'admin.people.revealPhone',
  listConflicts: 'admin.conflicts.list',
  previewMerge: 'admin.conflicts.preview',
  merge: 'admin.conflicts.merge',
  listMerges: 'admin.conflicts.merges',
  undoMerge: 'admin.conflicts.undo',
  listAudit: 'admin.audit.list',
  countAudit: 'admin.audit.count',
  listApps: 'admin.apps.list',
  testApp: 'admin.apps.test',
  settings: 'admin.settings',
} as const

/** A verb of the admin service that is audited. */
export type AdminVerb = keyof typeof adminActions

export type AuditAction = (typeof userActions)[number] | (typeof adminActions)[AdminVerb]

/** Every action name that an audit row may have. */
export const auditActions: readonly AuditAction[] = [...userActions, ...Object.values(adminActions)]

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
  /** The administrator who did it; absent where the user did. */
  readonly adminId?: string | null
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
