import {
  configuredApps as appIds,
  conformanceNow,
  type TestedStores,
} from '@mianmi/core/testing/conformance'
import { eq } from 'drizzle-orm'
import { prepareEnrolments } from '../../src/store/sqlite/admin/sign-in/enrolments.ts'
import {
  createAdministratorStore,
  createAuditReader,
  createAvatarStore,
  createCodeStore,
  createIdentityStore,
  createLimitStore,
  createMergeStore,
  createPeopleStore,
  createPersonNoteStore,
  createRoleStore,
  createServiceKeyStore,
  createServiceUserStore,
  createSessionStore,
  createStatisticsStore,
  createTicketStore,
  createUserStore,
  createUserTransferStore,
  createWebhookDeliveryStore,
  createWebhookStore,
  createWechatCounter,
  type Database,
} from '../../src/store/sqlite/index.ts'
import { users } from '../../src/store/sqlite/schema.ts'
import type { AuditStore } from '../../src/store/store.ts'
import { openTestAudit, openTestDatabase } from '../database.ts'

/** The clock of the service is that of the newest event. */
function openAudit(database: Database, onError: (error: unknown) => void): AuditStore {
  let at = 0
  const now = (): number => at
  const audit = openTestAudit(database, { appIds, onError, now })
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

/** The SQLite stores over a database file of their own. */
export function openSqliteStores(): TestedStores {
  const opened = openTestDatabase()
  const database = { ...opened.database, now: conformanceNow }
  const avatars = createAvatarStore(database, 'https://mianmi.example')
  const onError = (error: unknown): void => {
    throw error
  }
  return {
    writesInOrder: true,
    users: createUserStore(database),
    avatars,
    identities: createIdentityStore(database),
    tickets: createTicketStore(database),
    sessions: createSessionStore(database),
    limits: createLimitStore(database),
    codes: createCodeStore(),
    audit: openAudit(database, onError),
    people: createPeopleStore(database),
    personNotes: createPersonNoteStore(database),
    merges: createMergeStore(database),
    auditReader: createAuditReader(database),
    administrators: createAdministratorStore(database),
    roles: createRoleStore(database),
    giveEnrolment: async (userId, enrolment) =>
      database.writeNow(() => prepareEnrolments(database).put(userId, enrolment)),
    statistics: createStatisticsStore(database, appIds),
    serviceUsers: createServiceUserStore(database),
    transfer: createUserTransferStore(database),
    serviceKeys: createServiceKeyStore(database),
    webhooks: createWebhookStore(database),
    webhookDeliveries: createWebhookDeliveryStore(database),
    countWechatAnswer: async ({ at, api: path, ...answer }) => {
      const tally = createWechatCounter(database, { now: () => at, onError })
      tally.add({ path, ...answer })
      tally.flush()
    },
    makeAdmin: async (userId, role = 'admin') => {
      const isUser = eq(users.id, userId)
      database.writeNow(() => database.orm.update(users).set({ role }).where(isUser).run())
    },
    pictureAt: async (address) => avatars.find(address.slice(address.lastIndexOf('/') + 1)),
  }
}
