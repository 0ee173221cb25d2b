import type { AdminVerb, Origin } from '../audit/audit-log.ts'
import type { Reason } from '../failure.ts'
import type { AppFinding, AppState } from './apps/app-tester.ts'
import type { Setting } from './apps/setting.ts'
import type { AuditLine, AuditQuery } from './audit/audit-reader.ts'
import type { Conflict, Merge, MergeOrder, MergePreview } from './merges/merge.ts'
import type { Overview } from './overview/overview.ts'
import type { Page } from './page.ts'
import type { PeopleQuery, Person, PersonInFull } from './people/person.ts'
import type { AdminActor, Administrator, AdminSignIn } from './sign-in/administrator.ts'

/** A call that the contract refused before it reached the verb. */
export interface RefusedAdminCall {
  readonly verb: AdminVerb
  readonly reason: Reason
  readonly adminId: string | null
  /** Who tried, where it was somebody with a mini program's token. */
  readonly userId: string | null
  readonly origin: Origin
}

/** What administrators do, as the procedures of `admin` call it. Each call is in the audit log. */
export interface AdminService extends AdminSignIn {
  /** Writes down what the contract turned away by itself: a stranger, a foreign page, an input that makes no sense. */
  noteRefusal(call: RefusedAdminCall): void

  /** The administrator as the console shows them. */
  currentAdministrator(actor: AdminActor): Promise<Administrator>
  overview(actor: AdminActor, days: number): Promise<Overview>

  listPeople(actor: AdminActor, query: PeopleQuery): Promise<Page<Person>>
  /** @throws Failure `not_found`, as does every verb below that names a user */
  viewPerson(actor: AdminActor, userId: string): Promise<PersonInFull>
  /** Nobody signs in as the user from then on, and every session ends. @throws Failure `forbidden` for oneself */
  disablePerson(actor: AdminActor, userId: string): Promise<void>
  enablePerson(actor: AdminActor, userId: string): Promise<void>
  /** Ends one session, or all. */
  endSessions(
    actor: AdminActor,
    whose: { userId: string; sessionId?: string | undefined },
  ): Promise<number>
  /** @throws Failure `last_credential` where no way to sign in would be left */
  unbindPerson(actor: AdminActor, identity: { userId: string; appId: string }): Promise<void>
  /** Has WeChat make the session_key void (`/wxa/resetusersessionkey`). @throws Failure as WeChat answers */
  resetSessionKey(actor: AdminActor, identity: { userId: string; appId: string }): Promise<void>
  /** `confirm` is the account name, or the id of who has none. @throws Failure `invalid_input` where it differs, `forbidden` for oneself */
  removePerson(actor: AdminActor, whom: { userId: string; confirm: string }): Promise<void>
  /** The one full number that ever leaves; null where there is none. */
  revealPhone(actor: AdminActor, userId: string): Promise<string | null>

  listConflicts(
    actor: AdminActor,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<Page<Conflict>>
  previewMerge(actor: AdminActor, order: MergeOrder): Promise<MergePreview>
  /** @throws Failure `not_found` where the conflict is gone, `forbidden` where the one to go is an administrator */
  merge(actor: AdminActor, order: MergeOrder): Promise<Merge>
  /** The newest 50, undone ones included. */
  listMerges(actor: AdminActor): Promise<readonly Merge[]>
  /** Within 24 hours. @throws Failure `not_found`, also where it is too late or was undone */
  undoMerge(actor: AdminActor, mergeId: string): Promise<void>

  listAudit(
    actor: AdminActor,
    query: AuditQuery & { cursor?: string | undefined; limit: number },
  ): Promise<Page<AuditLine>>
  countAudit(actor: AdminActor, query: AuditQuery): Promise<number>

  listApps(actor: AdminActor): Promise<readonly AppState[]>
  /** Asks WeChat for an access token. @throws Failure `app_unknown` */
  testApp(actor: AdminActor, appId: string): Promise<AppFinding>
  settings(actor: AdminActor): Promise<readonly Setting[]>
}
