import { describeUserStore } from './account/user-store.ts'
import { describeRoleStore } from './admin/administrators/role-store.ts'
import { describeAuditReader } from './admin/audit/audit-reader.ts'
import { describeMergeStore } from './admin/merges/merge-store.ts'
import { describeStatisticsStore } from './admin/overview/statistics-store.ts'
import { describePeopleStore } from './admin/people/people-store.ts'
import { describeAdministratorStore } from './admin/sign-in/administrator-store.ts'
import { describeAuditLog } from './audit/audit-log.ts'
import { describeAvatarStore } from './avatar/avatar-store.ts'
import { describeCodeStore } from './identity/code-store.ts'
import { describeIdentityStore } from './identity/identity-store.ts'
import { describeTicketStore } from './identity/ticket-store.ts'
import { describeLimitStore } from './rate-limit/limit-store.ts'
import { describeServiceUserStore } from './service-api/service-user-store.ts'
import { describeServiceKeyStore } from './service-keys/service-key-store.ts'
import { describeSessionStore } from './session/session-store.ts'
import type { MakeStores } from './stores.ts'
import { describeUserTransferStore } from './transfer/user-transfer-store.ts'
import { describeWebhookDeliveryStore } from './webhooks/delivery-store.ts'
import { describeSessionEvents } from './webhooks/session-events.ts'
import { describeUserEvents } from './webhooks/user-events.ts'
import { describeWebhookStore } from './webhooks/webhook-store.ts'

export { configuredApps, conformanceNow, type MakeStores, type TestedStores } from './stores.ts'

/**
 * What every implementation of the store ports must do, races included. To be called in a vitest file.
 *
 * @param make makes the stores of one test, over an empty database
 * @example describeStores(async () => openSqliteStores())
 */
export function describeStores(make: MakeStores): void {
  describeUserStore(make)
  describeAvatarStore(make)
  describeIdentityStore(make)
  describeTicketStore(make)
  describeSessionStore(make)
  describeLimitStore(make)
  describeCodeStore(make)
  describeAuditLog(make)
  describePeopleStore(make)
  describeMergeStore(make)
  describeAuditReader(make)
  describeAdministratorStore(make)
  describeRoleStore(make)
  describeStatisticsStore(make)
  describeServiceUserStore(make)
  describeUserTransferStore(make)
  describeServiceKeyStore(make)
  describeWebhookStore(make)
  describeWebhookDeliveryStore(make)
  describeUserEvents(make)
  describeSessionEvents(make)
}
