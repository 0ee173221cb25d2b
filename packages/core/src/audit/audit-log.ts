import type { Reason } from '../failure.ts'

/** Actions of users, and of callers who are not signed in. */
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
  /** A first sign-in that made a user at once (`SIGN_UP=auto`), beside its `sign_in`. */
  'sign_up',
  /** An identity was bound by its unionid, without a proof of its own, beside its `sign_in`. */
  'identity_link',
  /** The user lost the phone number to the user who proved it later. */
  'phone_moved',
  /** The user had nothing but an identity, which went to the account that was proven, and was removed. */
  'user_absorbed',
  /** A refused refresh. One that succeeds changes nothing but the end of its session, and has no line. */
  'refresh',
  /** Further refused calls of one network in one minute, whatever they called. */
  'refused_calls',
] as const

/** What the process does at its start, and what a person does at a terminal of the machine. */
const systemActions = [
  'system.firstAdministrator',
  /** The WeChat identities of an administrator (`adminId`), from an earlier version, were given to a new user (`userId`). */
  'system.administratorSeparated',
  'system.keys',
  /** The chain of the audit log had been deleted, and a new one was started. */
  'system.auditRestart',
  'command.create',
  'command.resetTotp',
  'command.setPassword',
  'command.migrate',
  'command.reseal',
  'command.import',
  'command.export',
  'command.exportPhones',
  'command.moveTo',
  'command.restore',
  'command.serviceKeyCreate',
  'command.serviceKeyRotate',
  'command.serviceKeyRevoke',
  'command.webhookCreate',
  'command.webhookRotate',
  'command.webhookRemove',
] as const

/**
 * Actions of administrators: each verb of the admin service with the action name of its audit rows. Rows are
 * kept for 190 days and exported, so a stored name does not change with the code.
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
  exportPeople: 'admin.people.export',
  exportPhones: 'admin.people.exportPhones',
  previewBulk: 'admin.people.previewBulk',
  runBulk: 'admin.people.bulk',
  addNote: 'admin.people.addNote',
  removeNote: 'admin.people.removeNote',
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
  listServiceKeys: 'admin.serviceKeys.list',
  createServiceKey: 'admin.serviceKeys.create',
  rotateServiceKey: 'admin.serviceKeys.rotate',
  revokeServiceKey: 'admin.serviceKeys.revoke',
  listWebhooks: 'admin.webhooks.list',
  createWebhook: 'admin.webhooks.create',
  updateWebhook: 'admin.webhooks.update',
  rotateWebhookSecret: 'admin.webhooks.rotateSecret',
  removeWebhook: 'admin.webhooks.remove',
  testWebhook: 'admin.webhooks.test',
  listDeadDeliveries: 'admin.webhooks.deliveries',
  replayDeliveries: 'admin.webhooks.replay',
  discardDeliveries: 'admin.webhooks.discard',
} as const

/** Actions of other services, which call with a service key. */
export const serviceActions = {
  /** A refused key. One that is accepted has no line of its own. */
  authenticate: 'service.authenticate',
  viewUser: 'service.users.read',
  /** The openids were shown, beside `service.users.read`. */
  readIdentities: 'service.identities.read',
  /** The number was shown, beside `service.users.read`. */
  readPhone: 'service.phones.read',
  changeUser: 'service.users.write',
  endUserSessions: 'service.sessions.end',
} as const

/** A verb of the admin service that is audited. */
export type AdminVerb = keyof typeof adminActions

type AdminAction = (typeof adminActions)[AdminVerb]
type ServiceAction = (typeof serviceActions)[keyof typeof serviceActions]
type OtherAction = (typeof userActions)[number] | (typeof systemActions)[number] | ServiceAction
export type AuditAction = OtherAction | AdminAction

/** Every action name that an audit row may have. */
export const auditActions: readonly AuditAction[] = [
  ...userActions,
  ...systemActions,
  ...Object.values(adminActions),
  ...Object.values(serviceActions),
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
  /** `ok`, `unbound`, or the reason of the refusal; `started` where the change itself follows. */
  readonly outcome: 'ok' | 'unbound' | 'started' | Reason
  /** The user whom the action concerns, or at whom it was aimed; the service key or webhook of an action on one. */
  readonly userId: string | null
  /** The administrator who acted, or the service key, whose id begins with `key-`; absent where the user acted. */
  readonly adminId?: string | null
  readonly appId: string | null
  /** Null for what the process itself or a command did. */
  readonly origin: Origin | null
  /** Whether the sign-in created a user. It is counted, and not stored with the row. */
  readonly newUser?: boolean
  /** How many further calls of the kind the row stands for; absent for the row of one call. */
  readonly count?: number
}

/**
 * The row keeps a pseudonym instead of the ids of the user and of the administrator, and only the user's own row
 * links the two. So the row of a deleted user stays as it was, and names no person.
 */
export interface AuditLog {
  /** Queues the event, in order, and returns at once: a reply does not wait for the audit log. */
  record(event: AuditEvent): void
  /**
   * Resolves when the event is on disk, for what may not happen without its row.
   *
   * @throws Failure `overloaded`, or the database's own error, where it was not written
   */
  write(event: AuditEvent): Promise<void>
  /** Counts the event for the statistics. A later row with a `count` stands for it. */
  tally(event: AuditEvent): void
}
