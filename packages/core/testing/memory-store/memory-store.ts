import type { AdminPorts } from '../../src/admin/index.ts'
import type { WebhookDeliveryStore } from '../../src/index.ts'
import type { UserTransferStore } from '../../src/transfer/index.ts'
import { createUserStore } from './account/users.ts'
import { createRoleStore } from './admin/administrators/roles.ts'
import { createAuditReader } from './admin/audit/audit-reader.ts'
import { createMergeStore } from './admin/merges/merges.ts'
import { createStatisticsStore } from './admin/overview/statistics.ts'
import { createPeopleStore } from './admin/people/people.ts'
import { createPersonNoteStore } from './admin/people/person-notes.ts'
import { createAdministratorStore } from './admin/sign-in/administrators.ts'
import { createAuditLog } from './audit/audit-log.ts'
import { createAvatarStore } from './avatar/avatars.ts'
import { createCodeStore } from './identity/codes.ts'
import { createIdentityStore } from './identity/identities.ts'
import { createTicketStore } from './identity/tickets.ts'
import { createLimitStore } from './rate-limit/limits.ts'
import { createServiceUserStore } from './service-api/service-users.ts'
import { createServiceKeyStore } from './service-keys/service-keys.ts'
import { createSessionStore } from './session/sessions.ts'
import { createMemoryState, type MemoryState } from './state.ts'
import { createUserTransferStore } from './transfer/user-transfer.ts'
import { createWebhookDeliveryStore } from './webhooks/deliveries.ts'
import { createWebhookStore } from './webhooks/webhooks.ts'

export interface MemoryStore
  extends Pick<
    AdminPorts & {
      readonly transfer: UserTransferStore
      readonly webhookDeliveries: WebhookDeliveryStore
    },
    | 'users'
    | 'avatars'
    | 'identities'
    | 'tickets'
    | 'sessions'
    | 'limits'
    | 'codes'
    | 'audit'
    | 'people'
    | 'personNotes'
    | 'merges'
    | 'auditReader'
    | 'administrators'
    | 'roles'
    | 'statistics'
    | 'serviceUsers'
    | 'transfer'
    | 'serviceKeys'
    | 'webhooks'
    | 'webhookDeliveries'
  > {
  /** What the stores keep, for tests that look at it or prepare it. */
  readonly state: MemoryState
}

/**
 * Every store port of `core` over one state in memory. Each verb runs to its end without waiting for
 * anything, so it is atomic as the ports require.
 *
 * @param options.appIds the configured apps, which the statistics tell apart
 * @param options.now the clock, ms since the epoch; default `Date.now`
 */
export function createMemoryStore(
  options: { appIds?: readonly string[]; now?: () => number } = {},
): MemoryStore {
  const { appIds = [], now = Date.now } = options
  const state = createMemoryState(now)
  return {
    state,
    users: createUserStore(state),
    avatars: createAvatarStore(state),
    identities: createIdentityStore(state),
    tickets: createTicketStore(state),
    sessions: createSessionStore(state),
    limits: createLimitStore(state),
    codes: createCodeStore(),
    audit: createAuditLog(state, appIds),
    people: createPeopleStore(state),
    personNotes: createPersonNoteStore(state),
    merges: createMergeStore(state),
    auditReader: createAuditReader(state),
    administrators: createAdministratorStore(state),
    roles: createRoleStore(state),
    statistics: createStatisticsStore(state, appIds),
    serviceUsers: createServiceUserStore(state),
    transfer: createUserTransferStore(state),
    serviceKeys: createServiceKeyStore(state),
    webhooks: createWebhookStore(state),
    webhookDeliveries: createWebhookDeliveryStore(state),
  }
}
