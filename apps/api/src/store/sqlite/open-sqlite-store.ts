import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Store, StoreOptions } from '../store.ts'
import { createAvatarStore } from './account/avatars.ts'
import { createUserStore } from './account/users.ts'
import { createAdministratorAccounts } from './admin/administrators/administrator-accounts.ts'
import { createRoleStore } from './admin/administrators/roles.ts'
import { createAuditReader } from './admin/audit/audit-reader.ts'
import { createMergeStore } from './admin/merges/merges.ts'
import { createStatisticsStore } from './admin/overview/statistics.ts'
import { createWechatCounter } from './admin/overview/wechat-counter.ts'
import { createNicknameFill } from './admin/people/nickname-fill.ts'
import { createPeopleStore } from './admin/people/people.ts'
import { createPersonNoteStore } from './admin/people/person-notes.ts'
import { createAdministratorStore } from './admin/sign-in/administrators.ts'
import { createAtFirstUse, createNow } from './at-first-use.ts'
import { createAuditStore } from './audit/audit-store.ts'
import { type Database, openDatabase } from './database.ts'
import { createHealth } from './health.ts'
import { createCodeStore } from './identity/codes.ts'
import { createIdentityStore } from './identity/identities.ts'
import { createTicketStore } from './identity/tickets.ts'
import { createRetiredMacKeyStore } from './keys/retired-mac-keys.ts'
import { createRootKeyStore } from './keys/root-keys.ts'
import { createSealedRowStore } from './keys/sealed-rows.ts'
import { createSigningKeyStore } from './keys/signing-keys.ts'
import { requireUnmoved } from './moved-mark.ts'
import { createLimitStore } from './rate-limit/limits.ts'
import { createServiceUserStore } from './service-api/service-users.ts'
import { createServiceKeyStore } from './service-keys/service-keys.ts'
import { createSessionStore } from './session/sessions.ts'
import { createUserTransferStore } from './transfer/user-transfer.ts'
import { createWebhookDeliveryStore } from './webhooks/deliveries.ts'
import { createWebhookStore } from './webhooks/webhooks.ts'

/**
 * Opens the SQLite database at `path`, creates it where there is none, and brings its schema up to date. `path` may be
 * `:memory:`.
 *
 * @throws DatabaseOpenError
 */
export function openSqliteStore(path: string, options: StoreOptions): Store {
  const { migrations, phones, mayBeMoved = false, lockWaitMs } = options
  const database = openDatabase(path, join(migrations, 'sqlite'), phones)
  try {
    if (!mayBeMoved) requireUnmoved(database.sqlite)
    if (lockWaitMs !== undefined) database.waitForLocks(lockWaitMs)
  } catch (error) {
    database.close()
    throw error
  }
  return createSqliteStore(database, options)
}

/** The store over an open database. */
export function createSqliteStore(opened: Database, options: StoreOptions): Store {
  const { appIds, issuer, auditKeys, onError, now = Date.now } = options
  const database = { ...opened, now }
  if (options.onWebhookEvents !== undefined) database.outbox.listen(options.onWebhookEvents)
  const { audit, append } = createAuditStore(database, { appIds, onError, keys: auditKeys, now })
  const { flush: flushWechat, ...wechatCounter } = createWechatCounter(database, { now, onError })
  const flush = async (): Promise<void> => {
    flushWechat()
    database.flush()
  }
  const userStores = createUserStores(database)
  return {
    ...userStores,
    avatars: createAtFirstUse(() => createAvatarStore(database, issuer)),
    audit,
    people: createAtFirstUse(() => createPeopleStore(database)),
    personNotes: createAtFirstUse(() => createPersonNoteStore(database)),
    merges: createAtFirstUse(() => createMergeStore(database)),
    auditReader: createAtFirstUse(() => createAuditReader(database)),
    administrators: createAtFirstUse(() => createAdministratorStore(database)),
    administratorAccounts: createAdministratorAccounts(database, append),
    roles: createAtFirstUse(() => createRoleStore(database)),
    statistics: createAtFirstUse(() => createStatisticsStore(database, appIds)),
    serviceUsers: createAtFirstUse(() => createServiceUserStore(database)),
    serviceKeys: createAtFirstUse(() => createServiceKeyStore(database)),
    webhooks: createAtFirstUse(() => createWebhookStore(database)),
    webhookDeliveries: createAtFirstUse(() => createWebhookDeliveryStore(database)),
    wechatCounter,
    nicknameFill: createAtFirstUse(() => createNicknameFill(database)),
    transfer: createAtFirstUse(() => createUserTransferStore(database)),
    rootKeys: createRootKeyStore(database),
    retiredMacKeys: createAtFirstUse(() => createRetiredMacKeyStore(database)),
    signingKeys: createSigningKeyStore(database),
    sealedRows: createAtFirstUse(() => createSealedRowStore(database, auditKeys)),
    health: createHealth(database),
    async warmUp() {
      for (const store of Object.values(userStores)) {
        await setImmediate()
        if (database.sqlite.open) createNow(store)
      }
    },
    now,
    flush,
    async close() {
      await flush()
      // The last connection to close checkpoints and deletes the WAL, so wait for the checkpoint thread first.
      await database.checkpoints.idle()
      database.close()
    },
  }
}

const createUserStores = (database: Database) => ({
  users: createAtFirstUse(() => createUserStore(database)),
  identities: createAtFirstUse(() => createIdentityStore(database)),
  tickets: createAtFirstUse(() => createTicketStore(database)),
  sessions: createAtFirstUse(() => createSessionStore(database)),
  limits: createAtFirstUse(() => createLimitStore(database)),
  codes: createCodeStore(),
})
