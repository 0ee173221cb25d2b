import type { Role, UserView } from '../account/user.ts'
import type { Reason } from '../failure.ts'
import type { AdminVerb, AuditEvent, Origin } from '../guard/audit-log.ts'
import type { ByOperator, Operator, OperatorSignIn } from './operator.ts'

/** A person as an operator sees them in a list. Times in ms. */
export interface Person extends UserView {
  readonly disabledAt: number | null
  readonly lastSeenAt: number | null
  readonly appIds: readonly string[]
}

export interface PersonIdentity {
  readonly appId: string
  readonly openid: string
  readonly unionid: string | null
  readonly boundAt: number
}

export interface PersonSession {
  readonly id: string
  readonly appId: string
  readonly device: string | null
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly expiresAt: number
}

/** A line of the audit log as it was kept. */
export interface AuditLine extends Omit<AuditEvent, 'origin'> {
  readonly id: number
  readonly address: string | null
  readonly device: string | null
}

export interface PersonInFull {
  readonly person: Person & { readonly hasPassword: boolean }
  readonly identities: readonly PersonIdentity[]
  readonly sessions: readonly PersonSession[]
  /** The newest 50 lines. */
  readonly history: readonly AuditLine[]
}

/** May be short, or even empty, while `next` tells that there is more. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Opaque; null on the last page. */
  readonly next: string | null
}

export interface PeopleQuery {
  /** A user id, an openid or a phone number as a whole, or how an account or a nickname begins. */
  readonly search?: string | undefined
  readonly status?: 'active' | 'disabled' | undefined
  readonly role?: Role | undefined
  readonly appId?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface AuditQuery {
  /** From (included) and to (excluded), in ms. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly action?: string | undefined
  readonly outcome?: string | undefined
  readonly userId?: string | undefined
  readonly operatorId?: string | undefined
}

/** Two users whom a unionid proves to be one person. */
export interface Conflict {
  readonly unionid: string
  readonly detectedAt: number
  readonly first: Person
  readonly second: Person
}

export interface ConflictRef {
  readonly unionid: string
  readonly firstUserId: string
  readonly secondUserId: string
}

/** Which of the two stays; the other is taken into it. */
export interface MergeOrder extends ConflictRef {
  readonly keepUserId: string
}

export interface MergePreview {
  readonly kept: Person
  readonly gone: Person
  /** What the kept user gets from the other one because it has none itself. */
  readonly moves: {
    readonly identities: readonly PersonIdentity[]
    readonly account: string | null
    readonly password: boolean
    readonly phone: string | null
    readonly nickname: string | null
    readonly avatarUrl: string | null
  }
  /** What both have, of which the kept user's own stays. */
  readonly stays: {
    readonly identities: readonly PersonIdentity[]
    readonly account: string | null
    readonly phone: string | null
    readonly nickname: string | null
  }
  /** How many sessions of the other one end; each mini program signs in again by itself. */
  readonly endedSessions: number
}

export interface Merge {
  readonly id: string
  readonly mergedAt: number
  readonly undoUntil: number
  readonly undoneAt: number | null
  readonly kept: { readonly id: string; readonly name: string | null }
  readonly gone: { readonly id: string; readonly name: string | null }
  readonly operatorId: string
}

/** One day from midnight to midnight in UTC+8, where WeChat's daily quotas begin anew. */
export interface DayCount {
  /** `YYYY-MM-DD` */
  readonly day: string
  /** All that went well: silent ones, bindings and registrations. */
  readonly signIns: number
  readonly newUsers: number
  /** Identities bound to an account that was there, by password or phone. */
  readonly bound: number
  /** Sign-ins that ended with a ticket to bind. */
  readonly unbound: number
  readonly refused: number
}

export interface WechatCount {
  readonly appId: string
  readonly api: string
  /** WeChat's errcode, 0 for success; null where no whole answer came. */
  readonly errcode: number | null
  readonly count: number
  readonly meanMs: number
  readonly maxMs: number
}

/** A call that the contract refused before it reached the verb. */
export interface TurnedAway {
  readonly verb: AdminVerb
  readonly reason: Reason
  readonly operatorId: string | null
  /** Who tried, where it was somebody with a mini program's token. */
  readonly userId: string | null
  readonly origin: Origin
}

export interface Overview {
  readonly days: readonly DayCount[]
  readonly refusals: readonly { readonly reason: Reason; readonly count: number }[]
  readonly wechat: readonly WechatCount[]
  /** Calls made today against what WeChat allows a day; null where no limit is known. */
  readonly quota: readonly {
    readonly appId: string
    readonly api: string
    readonly used: number
    readonly limit: number | null
  }[]
  readonly totals: {
    readonly users: number
    readonly disabled: number
    readonly identities: number
    readonly sessions: number
    readonly conflicts: number
  }
  readonly health: {
    readonly startedAt: number
    readonly version: string
    readonly node: string
    readonly eventLoopP99Ms: number
    readonly heapBytes: number
    readonly rssBytes: number
    readonly databaseBytes: number
  }
}

export interface AppState {
  readonly appId: string
  readonly identities: number
  readonly signInsToday: number
  readonly lastSignInAt: number | null
}

export interface AppFinding {
  readonly finding:
    | 'ok'
    | 'appid_rejected'
    | 'secret_rejected'
    | 'address_not_allowed'
    | 'quota_used_up'
    | 'busy'
    | 'unreachable'
    | 'unexpected'
  readonly errcode: number | null
  /** Our address as WeChat saw it, to be put on its allow-list; null where WeChat did not say. */
  readonly address: string | null
  readonly durationMs: number
}

/** A line of the configuration; the value of a secret never leaves the service. */
export interface Setting {
  readonly name: string
  readonly value: string | null
  readonly secret: boolean
  readonly isDefault: boolean
}

/** What operators do, as the procedures of `admin` call it. Each call is in the audit log. */
export interface Desk extends OperatorSignIn {
  /** Writes down what the contract turned away by itself: a stranger, a foreign page, an input that makes no sense. */
  noteRefusal(call: TurnedAway): void

  /** The operator as the console shows them. */
  currentOperator(by: ByOperator): Promise<Operator>
  overview(by: ByOperator, days: number): Promise<Overview>

  listPeople(by: ByOperator, query: PeopleQuery): Promise<Page<Person>>
  /** @throws Failure `not_found`, as does every verb below that names a user */
  viewPerson(by: ByOperator, userId: string): Promise<PersonInFull>
  /** Nobody signs in as the user from then on, and every session ends. @throws Failure `forbidden` for oneself */
  disablePerson(by: ByOperator, userId: string): Promise<void>
  enablePerson(by: ByOperator, userId: string): Promise<void>
  /** Ends one session, or all. */
  endSessions(
    by: ByOperator,
    whose: { userId: string; sessionId?: string | undefined },
  ): Promise<number>
  /** @throws Failure `last_credential` where no way to sign in would be left */
  unbindPerson(by: ByOperator, identity: { userId: string; appId: string }): Promise<void>
  /** Has WeChat make the session_key void (`/wxa/resetusersessionkey`). @throws Failure as WeChat answers */
  resetSessionKey(by: ByOperator, identity: { userId: string; appId: string }): Promise<void>
  /** `confirm` is the account name, or the id of who has none. @throws Failure `invalid_input` where it differs, `forbidden` for oneself */
  removePerson(by: ByOperator, whom: { userId: string; confirm: string }): Promise<void>
  /** The one full number that ever leaves; null where there is none. */
  revealPhone(by: ByOperator, userId: string): Promise<string | null>

  listConflicts(
    by: ByOperator,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<Page<Conflict>>
  previewMerge(by: ByOperator, order: MergeOrder): Promise<MergePreview>
  /** @throws Failure `not_found` where the conflict is gone, `forbidden` where the one to go is an operator */
  merge(by: ByOperator, order: MergeOrder): Promise<Merge>
  /** The newest 50, undone ones included. */
  listMerges(by: ByOperator): Promise<readonly Merge[]>
  /** Within 24 hours. @throws Failure `not_found`, also where it is too late or was undone */
  undoMerge(by: ByOperator, mergeId: string): Promise<void>

  listAudit(
    by: ByOperator,
    query: AuditQuery & { cursor?: string | undefined; limit: number },
  ): Promise<Page<AuditLine>>
  countAudit(by: ByOperator, query: AuditQuery): Promise<number>

  listApps(by: ByOperator): Promise<readonly AppState[]>
  /** Asks WeChat for an access token. @throws Failure `app_unknown` */
  testApp(by: ByOperator, appId: string): Promise<AppFinding>
  settings(by: ByOperator): Promise<readonly Setting[]>
}
