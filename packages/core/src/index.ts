export {
  accountKey,
  accountNameAlphabet,
  accountNameLength,
  isAccountName,
} from './account/account-name.ts'
export { isExternalId, maxExternalIdLength } from './account/external-id.ts'
export { isNickname, nicknameLength } from './account/nickname.ts'
export type { PasswordCaller, Passwords } from './account/passwords.ts'
export { isWrittenAsPhone, phoneNumber } from './account/phone-number.ts'
export {
  maskPhone,
  type Role,
  type User,
  type UserRecord,
  type UserView,
  viewUser,
} from './account/user.ts'
export type { ProfileChange, UserStore } from './account/user-store.ts'
export { type AuditKind, auditKindOf } from './audit/audit-kind.ts'
export type { AuditAction, AuditEvent, AuditLog, Origin } from './audit/audit-log.ts'
export { auditRetentionMs, countExpired } from './audit/retention.ts'
export { type SummingAuditLog, sumFloods } from './audit/sum-floods.ts'
export type { AvatarStore } from './avatar/avatar-store.ts'
export type { Inflate } from './avatar/inflate.ts'
export { largestPicture, type Picture, type PictureType } from './avatar/picture.ts'
export { type BoundedCache, createBoundedCache } from './bounded-cache.ts'
export { longestCall } from './call-time.ts'
export { createUserService } from './create-user-service.ts'
export { Failure, type FailureOptions, type Reason, reasons } from './failure.ts'
export type { Credential } from './identity/bind.ts'
export type { CodeStore } from './identity/code-store.ts'
export { hasOnlyFirstIdentity } from './identity/first-identity.ts'
export type {
  Binding,
  BoundBy,
  BoundIdentity,
  ClaimedIdentity,
  Identity,
  IdentityRef,
} from './identity/identity.ts'
export type {
  IdentityStore,
  NewUser,
  OpenedSignIn,
  RefusedBinding,
  SignInEffect,
} from './identity/identity-store.ts'
export type { Unbound } from './identity/mini-login.ts'
export type { Proof } from './identity/proof.ts'
export {
  identitiesOfWechat,
  isSameWechat,
  type KnownUnionids,
  newestUnionid,
} from './identity/same-wechat.ts'
export {
  canLoseNumber,
  canStillSignIn,
  decidePhoneClaim,
  hasUsablePassword,
  type SignInMeans,
  type SignInRules,
} from './identity/sign-in-means.ts'
export type { LiveTicket, TicketRecord, TicketStore } from './identity/ticket-store.ts'
export type { ListedIdentity, Unbinding } from './identity/unbind.ts'
export type { WechatGateway } from './identity/wechat-gateway.ts'
export type { Policy, Ports } from './ports.ts'
export { isOpenWindow, type LimitedUse, type LimitStore } from './rate-limit/limit-store.ts'
export { siteOf } from './rate-limit/limits.ts'
export {
  createServiceApi,
  type ServicePorts,
} from './service-api/create-service-api.ts'
export type {
  ChangedUser,
  Introspection,
  ServiceActor,
  ServiceApi,
} from './service-api/service-api.ts'
export type {
  ServiceIdentity,
  ServiceUser,
  ServiceUserChange,
  ServiceUserRef,
} from './service-api/service-user.ts'
export type { IntrospectedCaller, ServiceUserStore } from './service-api/service-user-store.ts'
export {
  isServiceKeyName,
  isServiceScope,
  maxServiceKeyName,
  type ServiceKey,
  type ServiceKeySecret,
  type ServiceScope,
  serviceScopes,
  type VerifiedServiceKey,
} from './service-keys/service-key.ts'
export { type ServiceKeyFinder, useInterval } from './service-keys/service-key-finder.ts'
export type { ServiceKeyMaker } from './service-keys/service-key-maker.ts'
export {
  type Caller,
  type CallerState,
  type RefusedCaller,
  refuseCaller,
} from './session/caller.ts'
export { decideRefresh, type FoundSession } from './session/decide-refresh.ts'
export type { ListedSession } from './session/manage-sessions.ts'
export type { SignedIn } from './session/open-session.ts'
export {
  firstRotation,
  type Generation,
  type PresentedToken,
  type Rotation,
} from './session/rotation.ts'
export {
  maxSessions,
  type NewSession,
  type Session,
  type SessionRecord,
  type SessionSummary,
  type SignedInCaller,
} from './session/session.ts'
export type { RefreshRequest, RefreshResult, SessionStore } from './session/session-store.ts'
export type {
  AccessClaims,
  RefreshTokenParts,
  TokenMaker,
  Tokens,
  VerifiedClaims,
} from './session/tokens.ts'
export type { Actor, UserService } from './user-service.ts'
export type { OpenDataReader } from './vault/open-data-reader.ts'
export {
  isSameKey,
  type KeyOwner,
  type SealedKey,
  type SessionKeyVault,
} from './vault/session-key-vault.ts'
export {
  type ListedWebhook,
  maxCounted,
  maxWebhooks,
  maxWebhookUrlLength,
  type Webhook,
  type WebhookBacklog,
  type WebhookDisabledReason,
  type WebhookOverview,
} from './webhooks/webhook.ts'
export {
  type ClaimedDelivery,
  type DeliveryCounts,
  type DeliveryOutcome,
  type DueWebhook,
  deadRetention,
  disabledRetention,
  longestPause,
  maxDead,
  maxDeliveryError,
  maxPending,
  maxPendingAge,
  type WebhookDeliveryStore,
} from './webhooks/webhook-delivery-store.ts'
export {
  changedFields,
  isWebhookEventType,
  keptEventTypes,
  type UpdatedField,
  updatedFields,
  usersOfEvent,
  type WebhookDeliveryType,
  type WebhookEvent,
  type WebhookEventType,
  webhookBody,
  webhookEventTypes,
  webhookTestBody,
  webhookTestType,
} from './webhooks/webhook-event.ts'
export type { WebhookSecrets } from './webhooks/webhook-secrets.ts'
export type { WebhookUrlFinding, WebhookUrls } from './webhooks/webhook-urls.ts'
