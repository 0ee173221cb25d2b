import type { AdminVerb, Origin } from '../audit/audit-log.ts'
import type { Reason } from '../failure.ts'
import type { Unbinding } from '../identity/unbind.ts'
import type { NamedServiceKey, ServiceScope } from '../service-keys/service-key.ts'
import type { WebhookOverview } from '../webhooks/webhook.ts'
import type { WebhookEventType } from '../webhooks/webhook-event.ts'
import type { Enrolment } from './administrators/enrolment.ts'
import type { ListedAdministrator } from './administrators/role-store.ts'
import type { AppFinding, AppState, NamedApp } from './apps/app-tester.ts'
import type { Setting } from './apps/setting.ts'
import type { AuditQuery, NamedAuditLine } from './audit/audit-reader.ts'
import type { Conflict, MergeOrder, MergePreview, NamedMerge } from './merges/merge.ts'
import type { Overview, OverviewPeriod } from './overview/overview.ts'
import type { CountedPage, Page } from './page.ts'
import type { BulkOrder, BulkPreview } from './people/bulk-order.ts'
import type { NamedNote, PeopleQuery, Person, PersonInFull } from './people/person.ts'
import type { AdminActor, Administrator, AdminSignIn } from './sign-in/administrator.ts'
import type { DeadDelivery, DeadRef } from './webhooks/webhook-store.ts'

/** A call that the contract refused before it reached the verb. */
export interface RefusedAdminCall {
  readonly verb: AdminVerb
  readonly reason: Reason
  readonly adminId: string | null
  /** The user of the mini program's access token, where the caller sent one. */
  readonly userId: string | null
  readonly origin: Origin
}

/** The use cases of administrators, as the procedures of the admin router call them. Each call is audited. */
export interface AdminService extends AdminSignIn {
  /** Audits a refusal by the contract itself: no valid cookie, a cross-origin page, an invalid input. */
  noteRefusal(call: RefusedAdminCall): void

  /** The signed-in administrator, and the configured apps, by whose names every page calls them. */
  currentAdministrator(
    actor: AdminActor,
  ): Promise<{ administrator: Administrator; apps: readonly NamedApp[] }>
  /** Sign-ins, refusals and WeChat's replies of a period, and totals as of now. */
  overview(actor: AdminActor, period: OverviewPeriod): Promise<Overview>

  /** A page of users, the first one with their number. */
  listPeople(actor: AdminActor, query: PeopleQuery): Promise<CountedPage<Person>>
  /** A page of users for a file, with masked numbers. */
  exportPeople(actor: AdminActor, query: PeopleQuery): Promise<Page<Person>>
  /** The same with full numbers; each user whose number is shown has a line of the audit log, as in `revealPhone`. */
  exportPhones(actor: AdminActor, query: PeopleQuery): Promise<Page<Person>>
  /** What `runBulk` would do now. @throws Failure `invalid_input` for no users, or more than `maxBulk` */
  previewBulk(actor: AdminActor, order: BulkOrder): Promise<BulkPreview>
  /**
   * Disables users or ends their sessions, one after the other, and keeps the reason as a note on each; returns what was
   * done. Where it fails in the middle, what was done stays; another call skips it. @throws Failure as `previewBulk`
   */
  runBulk(actor: AdminActor, order: BulkOrder & { readonly reason: string }): Promise<BulkPreview>
  /** @throws Failure `not_found`, `invalid_input` where the user has `maxNotes` */
  addNote(actor: AdminActor, note: { userId: string; text: string }): Promise<NamedNote>
  /** @throws Failure `not_found` */
  removeNote(actor: AdminActor, which: { userId: string; noteId: string }): Promise<void>
  /** One user with identities, sessions and history. @throws Failure `not_found`, as every verb that names a user */
  viewPerson(actor: AdminActor, userId: string): Promise<PersonInFull>
  /**
   * Blocks every sign-in of the user and ends all sessions, those of an administrator too. @throws Failure `forbidden` for
   * oneself, `last_credential` for the last administrator who can sign in
   */
  disablePerson(actor: AdminActor, userId: string): Promise<void>
  /** Lets the user sign in again. */
  enablePerson(actor: AdminActor, userId: string): Promise<void>
  /**
   * Ends one session, or all, with the console sessions of an administrator, and returns how many. @throws Failure
   * `not_found` for an unknown session
   */
  endSessions(
    actor: AdminActor,
    whose: { userId: string; sessionId?: string | undefined },
  ): Promise<number>
  /** Removes an identity, or with `everywhere` each one of the same unionid. @throws Failure `last_credential` where the user would have no way to sign in */
  unbindPerson(actor: AdminActor, unbinding: Unbinding & { userId: string }): Promise<void>
  /** Makes WeChat replace the session_key (`/wxa/resetusersessionkey`). @throws Failure WeChat's refusal */
  resetSessionKey(actor: AdminActor, identity: { userId: string; appId: string }): Promise<void>
  /**
   * `confirm` is the account name, or the id of a user without one. @throws Failure `invalid_input` where it
   * differs, `forbidden` for oneself, `last_credential` for the last administrator who can sign in
   */
  removePerson(actor: AdminActor, whom: { userId: string; confirm: string }): Promise<void>
  /** The full phone number, which no other verb returns; null where there is none. */
  revealPhone(actor: AdminActor, userId: string): Promise<string | null>
  /**
   * Removes the password and ends every session; returns whether the user can still sign in. @throws Failure `forbidden`
   * for an administrator, who could not sign in any more
   */
  clearPassword(actor: AdminActor, userId: string): Promise<boolean>
  /** Removes the phone number; returns whether the user can still sign in. */
  clearPhone(actor: AdminActor, userId: string): Promise<boolean>

  /** Every administrator. */
  listAdministrators(actor: AdminActor): Promise<readonly ListedAdministrator[]>
  /**
   * Creates an administrator; the enrolment code is returned this once. `code` is one of the second factor of the
   * administrator who acts, as in the two verbs below. @throws Failure `account_taken`, `invalid_input` for a common
   * password, `credential_rejected` for a wrong code, `rate_limited`
   */
  addAdministrator(
    actor: AdminActor,
    input: { account: string; password: string; code: string },
  ): Promise<{ id: string; enrolment: Enrolment }>
  /**
   * Makes an administrator an ordinary user. @throws Failure `not_found`, `last_credential` for the last administrator who
   * can sign in, `credential_rejected`, `rate_limited`
   */
  removeAdministrator(actor: AdminActor, whom: { userId: string; code: string }): Promise<void>
  /** Replaces the second factor of an administrator by an enrolment code. @throws Failure as `removeAdministrator` */
  resetAdministratorFactor(
    actor: AdminActor,
    whom: { userId: string; code: string },
  ): Promise<Enrolment>

  /** A page of users whom a unionid proves to be the same person; the first one with the number of pairs. */
  listConflicts(
    actor: AdminActor,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<CountedPage<Conflict>>
  /** What a merge would do now. @throws Failure `not_found` where the conflict is gone */
  previewMerge(actor: AdminActor, order: MergeOrder): Promise<MergePreview>
  /**
   * @throws Failure `not_found` where the conflict is gone, `forbidden` where one of the users is an
   * administrator, as for the preview
   */
  merge(actor: AdminActor, order: MergeOrder): Promise<NamedMerge>
  /** The newest 50, undone ones included. */
  listMerges(actor: AdminActor): Promise<readonly NamedMerge[]>
  /**
   * Undoes a merge within 24 hours. @throws Failure `not_found`, also where it is too late or already undone
   */
  undoMerge(actor: AdminActor, mergeId: string): Promise<void>

  /** A page of the audit log, newest first. */
  listAudit(
    actor: AdminActor,
    query: AuditQuery & { cursor?: string | undefined; limit: number },
  ): Promise<Page<NamedAuditLine>>
  /** How many audit rows match. */
  countAudit(actor: AdminActor, query: AuditQuery): Promise<number>

  /** The configured apps. */
  listApps(actor: AdminActor): Promise<readonly AppState[]>
  /** Asks WeChat for an access token. @throws Failure `app_unknown` */
  testApp(actor: AdminActor, appId: string): Promise<AppFinding>
  /** The settings of the service, without secrets. */
  settings(actor: AdminActor): Promise<readonly Setting[]>

  /** The keys of other services, in the order of creation, with the revoked ones. */
  listServiceKeys(actor: AdminActor): Promise<readonly NamedServiceKey[]>
  /**
   * Creates a key, which is returned this once. `code` is one of the second factor of the administrator who acts. @throws
   * Failure `account_taken` for a name in use, `invalid_input`, `credential_rejected`, `rate_limited`
   */
  createServiceKey(
    actor: AdminActor,
    input: { name: string; scopes: readonly ServiceScope[]; code: string },
  ): Promise<{ id: string; key: string }>
  /**
   * Gives a key another secret, which is returned this once. Those before are accepted for `overlap` ms more. @throws
   * Failure `not_found`, also for a revoked key, `invalid_input`, `credential_rejected`, `rate_limited`
   */
  rotateServiceKey(
    actor: AdminActor,
    input: { id: string; overlap?: number | undefined; code: string },
  ): Promise<{ key: string; previousUntil: number }>
  /** Refuses a key from the next call on, on every node. @throws Failure `not_found`, also where it was revoked before */
  revokeServiceKey(actor: AdminActor, keyId: string): Promise<void>

  /** The webhooks and the state of their deliveries, in the order of creation. */
  listWebhooks(actor: AdminActor): Promise<WebhookOverview>
  /**
   * Creates a webhook. The secret that signs its calls is returned this once. `code` is one of the second factor of the
   * administrator who acts. @throws Failure `invalid_input` for an address that the service may not call, and beyond
   * `maxWebhooks`, `credential_rejected`, `rate_limited`
   */
  createWebhook(
    actor: AdminActor,
    input: { url: string; events: readonly WebhookEventType[]; code: string },
  ): Promise<{ id: string; secret: string }>
  /**
   * Changes the address and the events, and disables or enables. While it is disabled, it gets no new event, and what is
   * pending waits. @throws Failure `not_found`, `invalid_input`, `credential_rejected`, `rate_limited`
   */
  updateWebhook(
    actor: AdminActor,
    change: {
      id: string
      url?: string | undefined
      events?: readonly WebhookEventType[] | undefined
      enabled?: boolean | undefined
      code: string
    },
  ): Promise<void>
  /**
   * Gives a webhook another secret, which is returned this once. The one before signs too for `overlap` ms more. @throws
   * Failure `not_found`, `invalid_input`, `credential_rejected`, `rate_limited`
   */
  rotateWebhookSecret(
    actor: AdminActor,
    input: { id: string; overlap?: number | undefined; code: string },
  ): Promise<{ secret: string; previousUntil: number }>
  /** Removes a webhook with what is to be sent to it. @throws Failure `not_found` */
  removeWebhook(actor: AdminActor, webhookId: string): Promise<void>
  /** Sends an event `webhook.test` to one webhook. @throws Failure `not_found`, also where it is disabled */
  testWebhook(actor: AdminActor, webhookId: string): Promise<void>
  /** A page of the deliveries that were given up, newest first. */
  listDeadDeliveries(
    actor: AdminActor,
    query: { webhookId?: string | undefined; cursor?: string | undefined; limit: number },
  ): Promise<Page<DeadDelivery>>
  /** Sends them again; returns how many. */
  replayDeliveries(actor: AdminActor, ref: DeadRef): Promise<number>
  /** Deletes them; returns how many. */
  discardDeliveries(actor: AdminActor, ref: DeadRef): Promise<number>
}
