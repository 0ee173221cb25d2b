export { accountKey } from './account/account-name.ts'
export type { Passwords } from './account/passwords.ts'
export {
  maskPhone,
  type Role,
  type User,
  type UserRecord,
  type UserView,
  viewUser,
} from './account/user.ts'
export type { ProfileChange, UserStore } from './account/user-store.ts'
export type { AvatarStore } from './avatar/avatar-store.ts'
export { largestPicture, type Picture, type PictureType } from './avatar/picture.ts'
export { Failure, type FailureOptions, type Reason, reasons } from './failure.ts'
export {
  type AdminVerb,
  type AuditAction,
  type AuditEvent,
  type AuditLog,
  adminActions,
  auditActions,
  type Origin,
} from './guard/audit-log.ts'
export type { LimitedUse, LimitStore } from './guard/limit-store.ts'
export { createRecent } from './guard/recent.ts'
export type { Credential } from './identity/bind.ts'
export type { BoundIdentity, Claim, Identity } from './identity/identity.ts'
export type { Bound, IdentityStore, NewUser, Refused } from './identity/identity-store.ts'
export type { Unbound } from './identity/mini-login.ts'
export type { Proof } from './identity/proof.ts'
export type { LiveTicket, TicketRecord, TicketStore } from './identity/ticket-store.ts'
export type { ListedIdentity } from './identity/unbind.ts'
export type { WechatGate } from './identity/wechat-gate.ts'
export { createLogin } from './login.ts'
export type { By, Login } from './login-contract.ts'
export type { AuditReader } from './operator/audit/audit-reader.ts'
export { createDesk } from './operator/create-desk.ts'
export type {
  AppFinding,
  AppState,
  AuditLine,
  AuditQuery,
  Conflict,
  ConflictRef,
  DayCount,
  Desk,
  Merge,
  MergeOrder,
  MergePreview,
  Overview,
  Page,
  PeopleQuery,
  Person,
  PersonIdentity,
  PersonInFull,
  PersonSession,
  Setting,
  TurnedAway,
  WechatCount,
} from './operator/desk.ts'
export type { DeskPorts } from './operator/desk-ports.ts'
export type { ByOperator, FirstFactor, Operator, OperatorSignIn } from './operator/operator.ts'
export { type MergeParty, planMerge } from './operator/people/merge-plan.ts'
export { conflictKey, type MergeStore, type NewMerge } from './operator/people/merge-store.ts'
export type { PeopleFilter, PeopleSearch, PeopleStore } from './operator/people/people-store.ts'
export type { AppTester } from './operator/service/app-tester.ts'
export { dayName, dayNumber, numberOfDay } from './operator/service/day.ts'
export type { ActionCount, StatisticsStore } from './operator/service/statistics-store.ts'
export type {
  FactorProof,
  KnownOperator,
  OperatorSession,
  OperatorStore,
  SecondFactor,
} from './operator/sign-in/operator-store.ts'
export type { RecoveryCodes, Totp } from './operator/sign-in/totp.ts'
export type { Policy, Ports } from './ports.ts'
export type { ListedSession } from './session/manage-sessions.ts'
export type { SignedIn } from './session/open-session.ts'
export type { NewSession, Session, SessionRecord, SignedInCaller } from './session/session.ts'
export type { AdvanceStep, SessionStore } from './session/session-store.ts'
export type { AccessClaims, TokenMaker, Tokens } from './session/tokens.ts'
export type { OpenDataReader } from './vault/open-data-reader.ts'
export type { KeyOwner, SealedKey, SessionKeyVault } from './vault/session-key-vault.ts'
