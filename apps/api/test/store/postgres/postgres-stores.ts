import { configuredApps, conformanceNow, type TestedStores } from '@mianmi/core/testing/conformance'
import { onTestFinished } from 'vitest'
import { createAvatarStore } from '../../../src/store/postgres/account/avatars.ts'
import { createUserStore } from '../../../src/store/postgres/account/users.ts'
import { createRoleStore } from '../../../src/store/postgres/admin/administrators/roles.ts'
import { createAuditReader } from '../../../src/store/postgres/admin/audit/audit-reader.ts'
import { createMergeStore } from '../../../src/store/postgres/admin/merges/merges.ts'
import { createStatisticsStore } from '../../../src/store/postgres/admin/overview/statistics.ts'
import { createWechatCounter } from '../../../src/store/postgres/admin/overview/wechat-counter.ts'
import { createPeopleStore } from '../../../src/store/postgres/admin/people/people.ts'
import { createPersonNoteStore } from '../../../src/store/postgres/admin/people/person-notes.ts'
import { createAdministratorStore } from '../../../src/store/postgres/admin/sign-in/administrators.ts'
import { putEnrolment } from '../../../src/store/postgres/admin/sign-in/enrolments.ts'
import {
  createAuditStore,
  type PostgresAuditStore,
} from '../../../src/store/postgres/audit/audit-store.ts'
import { rememberSubjects } from '../../../src/store/postgres/audit/subjects.ts'
import type { ObservedClock } from '../../../src/store/postgres/clock/observed-clock.ts'
import type { Postgres } from '../../../src/store/postgres/connection/index.ts'
import type { PostgresDatabase } from '../../../src/store/postgres/database.ts'
import { createCodeStore } from '../../../src/store/postgres/identity/codes.ts'
import { createIdentityStore } from '../../../src/store/postgres/identity/identities.ts'
import { createTicketStore } from '../../../src/store/postgres/identity/tickets.ts'
import { createLimitStore } from '../../../src/store/postgres/rate-limit/limits.ts'
import { createServiceUserStore } from '../../../src/store/postgres/service-api/service-users.ts'
import { createServiceKeyStore } from '../../../src/store/postgres/service-keys/service-keys.ts'
import { createSessionStore } from '../../../src/store/postgres/session/sessions.ts'
import { createUserTransferStore } from '../../../src/store/postgres/transfer/user-transfer.ts'
import { createWebhookDeliveryStore } from '../../../src/store/postgres/webhooks/deliveries.ts'
import { createWebhookStore } from '../../../src/store/postgres/webhooks/webhooks.ts'
import { createAuditKeySealer } from '../../../src/tokens/audit-key-sealer.ts'
import { createPhoneSealer } from '../../../src/tokens/phone-sealer.ts'
import { createRootKey } from '../../../src/tokens/root-key.ts'

const root = createRootKey(new Uint8Array(32))
const phones = createPhoneSealer(root)

const onError = (error: unknown): void => {
  throw error
}

/** Believes each time that it is given, for tests in which days pass at once. */
const clock: ObservedClock = { observe: (now) => ({ earliest: now, latest: now }) }

/** The clock of the service is that of the newest event, and is believed each time. */
async function openAudit(postgres: Postgres): Promise<PostgresAuditStore> {
  let at = 0
  const audit = createAuditStore({
    postgres,
    keys: createAuditKeySealer(root),
    now: () => at,
    clock,
    counts: { part: 3, appIds: new Set(configuredApps) },
    onError,
  })
  await audit.open()
  // What it still holds must not be written in the next test.
  onTestFinished(() => audit.flush())
  return {
    ...audit,
    record(event) {
      at = event.at
      audit.record(event)
    },
    write(event) {
      at = event.at
      return audit.write(event)
    },
  }
}

/** What the stores are made of, over the connections of one node. */
export const postgresDatabase = (postgres: Postgres): PostgresDatabase & Postgres => ({
  ...postgres,
  phones,
  clock,
  rememberSubjects: (tx, userIds) => rememberSubjects(tx, { userIds, now: Date.now() }),
})

/** The PostgreSQL stores over the connections of one node. */
export async function createPostgresStores(postgres: Postgres): Promise<TestedStores> {
  const { reads, writes } = postgres
  postgres.outbox.now = conformanceNow
  postgres.outbox.receivers.knownFor = 0
  const database = postgresDatabase(postgres)
  const audit = await openAudit(postgres)
  const { flush } = audit
  const avatars = createAvatarStore(database, 'https://mianmi.example')
  return {
    writesInOrder: false,
    users: createUserStore(database),
    avatars,
    identities: createIdentityStore(database),
    tickets: createTicketStore(postgres),
    sessions: createSessionStore(postgres),
    limits: createLimitStore(postgres),
    codes: createCodeStore(postgres),
    audit,
    people: createPeopleStore(database),
    personNotes: createPersonNoteStore(database),
    merges: createMergeStore(database),
    auditReader: createAuditReader({ reads, flush }),
    administrators: createAdministratorStore(database),
    roles: createRoleStore(database),
    statistics: createStatisticsStore({ reads, flush, appIds: configuredApps }),
    serviceUsers: createServiceUserStore(database),
    serviceKeys: createServiceKeyStore(database),
    webhooks: createWebhookStore(postgres),
    webhookDeliveries: createWebhookDeliveryStore(postgres),
    transfer: createUserTransferStore(database),
    giveEnrolment: (userId, enrolment) => putEnrolment(writes, userId, enrolment),
    countWechatAnswer: async ({ at, api: path, ...answer }) => {
      const counter = createWechatCounter({ writes, now: () => at, part: 3, onError })
      counter.add({ path, ...answer })
      await counter.flush()
    },
    makeAdmin: async (userId, role = 'admin') =>
      void (await writes.run('update users set role = $2 where id = $1', [userId, role])),
    pictureAt: (address) => avatars.find(address.slice(address.lastIndexOf('/') + 1)),
  }
}
