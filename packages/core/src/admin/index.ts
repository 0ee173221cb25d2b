export { type AdminVerb, adminActions, auditActions } from '../audit/audit-log.ts'
export type { AdminService, RefusedAdminCall } from './admin.ts'
export type { AdminPorts } from './admin-ports.ts'
export {
  draftEnrolment,
  type Enrolment,
  type EnrolmentCodes,
  enrolmentTtl,
} from './administrators/enrolment.ts'
export {
  type AdministratorMeans,
  isLastAdministrator,
} from './administrators/last-administrator.ts'
export type {
  ListedAdministrator,
  NewEnrolment,
  ProvenActor,
  RoleRefusal,
  RoleStore,
} from './administrators/role-store.ts'
export type { AppFinding, AppState, AppTester, NamedApp } from './apps/app-tester.ts'
export type { Setting } from './apps/setting.ts'
export type { AuditLine, AuditQuery, AuditReader, NamedAuditLine } from './audit/audit-reader.ts'
export { createAdminService } from './create-admin.ts'
export type { Conflict, ConflictRef, Merge, MergeOrder, MergePreview } from './merges/merge.ts'
export { type MergeParty, planMerge } from './merges/merge-plan.ts'
export {
  conflictKey,
  type MergeStore,
  type NewMerge,
  type UndoResult,
  undoTime,
} from './merges/merge-store.ts'
export { type Credentials, leavesNoWayIn, planUndo } from './merges/undo-plan.ts'
export { type DayRange, dayName, dayNumber, numberOfDay } from './overview/day.ts'
export type { DayCount, Overview, OverviewPeriod, WechatCount } from './overview/overview.ts'
export { maxOverviewDays } from './overview/overview.ts'
export type { ActionCount, StatisticsStore } from './overview/statistics-store.ts'
export type { BoundedCount, Page } from './page.ts'
export {
  type BulkAction,
  type BulkOrder,
  type BulkPreview,
  type BulkSkip,
  maxBulk,
  type SkippedPerson,
} from './people/bulk-order.ts'
export type {
  PeopleFilter,
  PeopleSearch,
  PeopleStore,
  PersonRefusal,
} from './people/people-store.ts'
export type {
  NamedNote,
  PeopleQuery,
  PeopleSort,
  Person,
  PersonIdentity,
  PersonInFull,
  PersonSession,
} from './people/person.ts'
export { peopleSorts } from './people/person.ts'
export {
  maxNoteLength,
  maxNotes,
  type PersonNote,
  type PersonNoteStore,
} from './people/person-note-store.ts'
export {
  draftRotation,
  draftServiceKey,
  maxOverlap,
} from './service-keys/draft-service-key.ts'
export {
  type NewServiceKey,
  revokedKeyRetention,
  type ServiceKeyStore,
} from './service-keys/service-key-store.ts'
export type {
  AdminActor,
  Administrator,
  AdminSignIn,
  FirstFactor,
} from './sign-in/administrator.ts'
export {
  type AdministratorStore,
  type AdminSession,
  type FactorProof,
  type KnownAdministrator,
  maxStepLead,
  type NewBrowser,
  type RecoveryProof,
  type SecondFactor,
} from './sign-in/administrator-store.ts'
export { browserTtl } from './sign-in/known-browser.ts'
export type { RecoveryCodes, Totp } from './sign-in/totp.ts'
export {
  draftWebhook,
  draftWebhookRotation,
  type WebhookDraftPorts,
} from './webhooks/draft-webhook.ts'
export type {
  DeadDelivery,
  DeadRef,
  NewWebhook,
  WebhookChange,
  WebhookRotation,
  WebhookStore,
} from './webhooks/webhook-store.ts'
