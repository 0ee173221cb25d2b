import type { Reason } from '../failure.ts'

/** Actions of users. */
const userActions = [
  'sign_in',
  'bind',
  'register',
  'refresh_reuse',
  'sign_out',
  'session_revoke',
  'unbind',
  'unionid_change',
  'profile_change',
  'password_change',
  'phone_change',
  'account_delete',
  'open_data',
] as const

/**
 * Actions of administrators: each verb of the admin service with the action name of its audit rows. Rows are
 * kept for 180 days and exported, so a stored name does not change with the code.
 */
export const adminActions = {
  signIn: 'admin.operator.signIn',
  enrol: 'admin.operator.enrol',
  proveCode: 'admin.operator.proveCode',
  currentAdministrator: 'admin.operator.current',
  signOut: 'admin.operator.signOut',
  renewRecoveryCodes: 'admin.operator.renewRecoveryCodes',
  changePassword: 'admin.operator.changePassword',
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
  clearPassword: 'admin.people.clearPassword',
  clearPhone: 'admin.people.clearPhone',
  listAdministrators: 'admin.administrators.list',
  addAdministrator: 'admin.administrators.add',
  removeAdministrator: 'admin.administrators.remove',
  resetAdministratorFactor: 'admin.administrators.resetFactor',
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

/**
 * What the service itself does to administrators. `admin.separated`: at the first start of a version in which
 * administrators sign in to no mini program, the WeChat identities of one (`adminId`) were given to a new user (`userId`).
 */
const serviceActions = ['admin.separated'] as const

/** A verb of the admin service that is audited. */
export type AdminVerb = keyof typeof adminActions

export type AuditAction =
  | (typeof userActions)[number]
  | (typeof serviceActions)[number]
  | (typeof adminActions)[AdminVerb]

/** Every action name that an audit row may have. */
export const auditActions: readonly AuditAction[] = [
  ...userActions,
  ...serviceActions,
  ...Object.values(adminActions),
]

/** Where a call comes from. */
export interface Origin {
  /** The caller's network address, behind the trusted proxies. */
  readonly address: string
  /** The User-Agent, as the caller sends it. */
  readonly device: string | null
  /** Whether the caller has closed the connection. Not part of the audit log. */
  readonly isGone?: (() => boolean) | undefined
}

/** One row of the audit log. It never holds a code, key, token, password or full phone number. */
export interface AuditEvent {
  readonly at: number
  readonly action: AuditAction
  /** `ok`, `unbound`, or the reason of the refusal. */
  readonly outcome: 'ok' | 'unbound' | Reason
  /** The user whom the action concerns. */
  readonly userId: string | null
  /** The administrator who acted; absent where the user acted. */
  readonly adminId?: string | null
  readonly appId: string | null
  /** Null for the deletion of an account, which leaves no personal data. */
  readonly origin: Origin | null
  /** Whether the sign-in created a user. It is counted, and not stored with the row. */
  readonly newUser?: boolean
}

export interface AuditLog {
  /** Queues the event, in order, and returns at once: a reply never waits for the audit log. */
  record(event: AuditEvent): void
}
