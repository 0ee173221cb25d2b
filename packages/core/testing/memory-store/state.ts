import type {
  AdminSession,
  AuditLine,
  ConflictRef,
  Merge,
  NewBrowser,
  NewEnrolment,
  PersonIdentity,
  PersonNote,
} from '../../src/admin/index.ts'
import type {
  BoundIdentity,
  KnownUnionids,
  LiveTicket,
  Picture,
  ServiceKeySecret,
  ServiceScope,
  SessionRecord,
  TicketRecord,
  Webhook,
  WebhookDeliveryType,
  WebhookEvent,
} from '../../src/index.ts'

/** A user; the phone number is the number itself, which only `toUser` masks. */
export interface UserRow {
  readonly id: string
  readonly account: string | null
  readonly accountKey: string | null
  readonly passwordHash: string | null
  readonly phone: string | null
  readonly phoneProvenAt: number | null
  readonly nickname: string | null
  readonly avatarUrl: string | null
  readonly externalId: string | null
  readonly role: 'user' | 'admin'
  readonly disabledAt: number | null
  readonly createdAt: number
  /** The user that this one was merged into, and until when that can be undone. */
  readonly mergedInto: string | null
  readonly mergedUntil: number | null
}

export interface AvatarRow extends Picture {
  readonly address: string
}

/** `lastSeenAt` is of the sessions that ended; 0 where none did. */
export interface IdentityRow extends BoundIdentity, KnownUnionids {
  readonly openid: string
  readonly userId: string
  /** Null, like its fingerprint, for an imported identity that has not signed in yet. */
  readonly sealedKey: string | null
  readonly keyFingerprint: string | null
  readonly previousKey: string | null
}

/** An identity that was unbound from a user. */
export interface UnbindingRow extends KnownUnionids {
  readonly appId: string
  readonly openid: string
  readonly userId: string
  readonly unboundAt: number
}

export interface TicketRow extends TicketRecord {
  readonly tries: number
  readonly used: (NonNullable<LiveTicket['used']> & { readonly at: number }) | null
}

export interface ConflictRow extends ConflictRef {
  readonly detectedAt: number
}

export interface MovedConflicts {
  /** Those of the user who went. */
  readonly dropped: readonly ConflictRow[]
  /** Those that the kept user got in their place. */
  readonly made: readonly ConflictRow[]
}

/** What a merge took from the user who went; null where it took nothing of the kind. */
export interface MovedValues {
  readonly name: Pick<UserRow, 'account' | 'accountKey'> | null
  readonly passwordHash: string | null
  readonly phone: string | null
  readonly nickname: string | null
  readonly avatarUrl: string | null
  readonly externalId: string | null
  /** Since when the user who went was disabled before the merge. */
  readonly disabledAt: number | null
}

export interface MergeRow extends Omit<Merge, 'kept' | 'gone'> {
  readonly keptId: string
  readonly keptName: string | null
  readonly goneId: string
  readonly goneName: string | null
  /** What it takes to undo the merge; null once it was undone. */
  readonly moved:
    | (MovedValues &
        MovedConflicts & {
          readonly identities: readonly PersonIdentity[]
          readonly unbindings: readonly UnbindingRow[]
          /** Whether the kept user could sign in before the merge. */
          readonly keptCouldSignIn: boolean
        })
    | null
}

/** The second factor of an administrator. */
export interface FactorRow {
  readonly sealedSecret: string
  /** The newest time step that was used. */
  readonly lastStep: number
  /** Of the recovery codes that are left. */
  readonly recoveryHashes: readonly string[]
}

/** A browser in which an administrator has signed in with both factors. */
export interface KnownBrowserRow extends Omit<NewBrowser, 'replaces'> {
  readonly userId: string
}

/** Lines of the audit log of one day, action, outcome and app. Days are numbered as by `dayNumber`. */
export interface DailyCountRow {
  readonly day: number
  readonly action: string
  readonly outcome: string
  readonly appId: string
  readonly count: number
  readonly lastAt: number
}

/** Answers of WeChat of one day, app, API and errcode. */
export interface WechatCountRow {
  readonly day: number
  readonly appId: string
  readonly api: string
  readonly errcode: number | null
  readonly count: number
  readonly sumMs: number
  readonly maxMs: number
}

/** A key of another service. */
export interface ServiceKeyRow {
  readonly id: string
  readonly name: string
  readonly scopes: readonly ServiceScope[]
  readonly createdAt: number
  readonly createdBy: string | null
  readonly revokedAt: number | null
}

export interface ServiceKeySecretRow extends ServiceKeySecret {
  readonly hash: string
  readonly keyId: string
}

export interface WebhookRow extends Webhook {
  /** When it was enabled again; null where it never was. */
  readonly enabledAt: number | null
  readonly sealedSecret: string
  readonly previousSecret: string | null
}

/** One event for one webhook. */
export interface DeliveryRow {
  readonly seq: number
  readonly webhookId: string
  readonly eventId: string
  readonly type: WebhookDeliveryType
  /** In whose order it is sent. */
  readonly personId: string
  /** Null for a test. */
  readonly userId: string | null
  readonly occurredAt: number
  readonly body: string
  readonly dueAt: number
  /** Since when it is pending: since the event, or since a replay. */
  readonly pendingSince: number
  readonly attempts: number
  readonly error: string | null
  readonly lease: string | null
  readonly leaseUntil: number | null
  readonly deadAt: number | null
}

/** An event that was not fanned out, with the external id of its user at its time. */
export interface WaitingEvent {
  readonly event: WebhookEvent & { readonly externalId: string | null }
  readonly order: EventOrder & { readonly userId: string }
  readonly at: number
}

/** Where an event is sent in another order than that of its user, or later than it happened. */
export interface EventOrder {
  readonly personId: string
  /** When it is due at the earliest. */
  readonly notBefore?: number
}

export interface PersonNoteRow extends PersonNote {
  readonly userId: string
  readonly mergedFrom: string | null
}

export interface LimitWindow {
  readonly count: number
  readonly endsAt: number
}

/**
 * Everything that the in-memory stores keep. Rows are never changed in place: a changed row replaces the one
 * before, so that a row which was read stays as it was.
 */
export interface MemoryState {
  /** Actor their id, as are the other rows where no other key is named. */
  readonly users: Map<string, UserRow>
  /** Actor the id of their user. */
  readonly avatars: Map<string, AvatarRow>
  /** Actor `identityKey`. */
  readonly identities: Map<string, IdentityRow>
  /** By `unbindingKey`. */
  readonly unbindings: Map<string, UnbindingRow>
  readonly sessions: Map<string, SessionRecord>
  /** Actor the hash of the ticket. */
  readonly tickets: Map<string, TicketRow>
  readonly limits: Map<string, LimitWindow>
  /** Actor `keyOfConflict`. */
  readonly conflicts: Map<string, ConflictRow>
  readonly merges: Map<string, MergeRow>
  /** With pseudonyms instead of ids. */
  readonly auditLines: Map<number, AuditLine>
  /** Of users in the audit log, by their id. */
  readonly pseudonyms: Map<string, string>
  /** The same of users who were deleted, for the lines that come after. */
  readonly removedPseudonyms: Map<string, string>
  readonly dailyCounts: Map<string, DailyCountRow>
  readonly wechatCounts: Map<string, WechatCountRow>
  /** By the hash of their token. */
  readonly adminSessions: Map<string, AdminSession>
  /** By the id of their user. */
  readonly factors: Map<string, FactorRow>
  /** By the id of their user. */
  readonly enrolments: Map<string, NewEnrolment>
  /** By the hash of their token and the id of the user. */
  readonly knownBrowsers: Map<string, KnownBrowserRow>
  readonly personNotes: Map<string, PersonNoteRow>
  readonly serviceKeys: Map<string, ServiceKeyRow>
  /** By their hash. */
  readonly serviceKeySecrets: Map<string, ServiceKeySecretRow>
  readonly webhooks: Map<string, WebhookRow>
  /** In their order. */
  readonly waitingEvents: WaitingEvent[]
  /** By their place in the order. */
  readonly deliveries: Map<number, DeliveryRow>
  /** The clock of the store, in ms since the epoch. */
  readonly now: () => number
  /** A number above each one before. */
  readonly takeSerial: () => number
}

export function createMemoryState(now: () => number): MemoryState {
  let serial = 0
  return {
    users: new Map(),
    avatars: new Map(),
    identities: new Map(),
    unbindings: new Map(),
    sessions: new Map(),
    tickets: new Map(),
    limits: new Map(),
    conflicts: new Map(),
    merges: new Map(),
    auditLines: new Map(),
    pseudonyms: new Map(),
    removedPseudonyms: new Map(),
    dailyCounts: new Map(),
    wechatCounts: new Map(),
    adminSessions: new Map(),
    factors: new Map(),
    enrolments: new Map(),
    knownBrowsers: new Map(),
    personNotes: new Map(),
    serviceKeys: new Map(),
    serviceKeySecrets: new Map(),
    webhooks: new Map(),
    waitingEvents: [],
    deliveries: new Map(),
    now,
    takeSerial: () => ++serial,
  }
}

/** @throws Error where the key exists already, as a primary key of a database does */
export function insertRow<Key, Row>(rows: Map<Key, Row>, key: Key, row: Row): void {
  requireNewKey(rows, key)
  rows.set(key, row)
}

/** To be called before the first write of a verb, so that a verb that fails changes nothing. */
export function requireNewKey<Key>(rows: Map<Key, unknown>, key: Key): void {
  if (rows.has(key)) throw new Error(`the key ${key} exists already`)
}

export function deleteRows<Key, Row>(rows: Map<Key, Row>, matches: (row: Row) => boolean): number {
  const keys = [...rows].filter(([, row]) => matches(row)).map(([key]) => key)
  for (const key of keys) rows.delete(key)
  return keys.length
}
