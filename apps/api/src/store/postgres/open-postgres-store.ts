import { randomInt } from 'node:crypto'
import { join } from 'node:path'
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
import { createAuditStore } from './audit/audit-store.ts'
import { watchRestoration } from './audit/restoration.ts'
import { rememberSubjects } from './audit/subjects.ts'
import { type DatabaseClock, openDatabaseClock } from './clock/database-clock.ts'
import { openObservedClock } from './clock/observed-clock.ts'
import { openPostgres, type Postgres, PostgresOpenError, QueryError } from './connection/index.ts'
import type { PostgresDatabase } from './database.ts'
import { createHealth } from './health.ts'
import { createCodeStore } from './identity/codes.ts'
import { createIdentityStore } from './identity/identities.ts'
import { createTicketStore } from './identity/tickets.ts'
import { createRetiredMacKeyStore } from './keys/retired-mac-keys.ts'
import { createRootKeyStore } from './keys/root-keys.ts'
import { createSealedRowStore } from './keys/sealed-rows.ts'
import { createSigningKeyStore } from './keys/signing-keys.ts'
import { migrate, migrationHashes } from './migrate.ts'
import { nodeName } from './nodes/node-settings.ts'
import { watchNodes } from './nodes/watch-nodes.ts'
import { createLimitStore } from './rate-limit/limits.ts'
import { createServiceUserStore } from './service-api/service-users.ts'
import { createServiceKeyStore } from './service-keys/service-keys.ts'
import { createSessionStore } from './session/sessions.ts'
import { createUserTransferStore } from './transfer/user-transfer.ts'
import { createWebhookDeliveryStore } from './webhooks/deliveries.ts'
import { createWebhookStore } from './webhooks/webhooks.ts'

/** Rows that share a count, so that nodes which count at the same time do not wait for one another. */
const parts = 16

/**
 * Opens the store of a node on PostgreSQL, and brings the schema up to date. Any number of nodes use one database.
 *
 * @throws PostgresOpenError
 * @example const store = await openPostgresStore('postgres://mianmi:secret@db.example.com/mianmi', options)
 */
export async function openPostgresStore(url: string, options: StoreOptions): Promise<Store> {
  const { issuer, appIds, lockWaitMs: waitMs } = options
  const isNode = issuer !== ''
  const postgres = await openPostgres(
    url,
    isNode ? { waitMs, applicationName: nodeName({ issuer, appIds }) } : { waitMs },
  )
  const folder = join(options.migrations, 'postgres')
  try {
    await postgres.alone((client) => migrate(client, folder)).catch(refuseMigration)
    return await composeStore(postgres, { ...options, migrations: folder })
  } catch (error) {
    await postgres.close()
    throw error
  }
}

function refuseMigration(error: unknown): never {
  // An error of the connection has that of the database as its cause.
  const cause = error instanceof QueryError ? error.cause : error
  const { code = '', message = '' } = cause as { code?: string; message?: string }
  throw new PostgresOpenError(
    `the schema cannot be brought up to date: ${message.split('\n')[0]}${code && ` (${code})`}`,
  )
}

async function composeStore(postgres: Postgres, options: StoreOptions): Promise<Store> {
  const { phones, appIds, issuer, auditKeys, onError, migrations } = options
  const { onWarning: warn = () => {} } = options
  const { reads, writes, metrics } = postgres
  const clock = await openClock(postgres, options)
  const { now } = clock
  postgres.outbox.now = now
  postgres.outbox.onWritten = options.onWebhookEvents ?? postgres.outbox.onWritten
  const observedClock = await openObservedClock({ reads, writes, onError })
  const part = randomInt(parts)
  const audit = createAuditStore({
    postgres,
    keys: auditKeys,
    now,
    clock: observedClock,
    counts: { part, appIds: new Set(appIds) },
    onError,
  })
  const restoration = watchRestoration({
    ...{ reads, written: audit.newest, warn, onError },
    async onRestored() {
      await audit.forget()
      await options.onRestored?.()
    },
  })
  await restoration.look()
  const nodes = issuer === '' ? null : watchNodes({ reads, settings: { issuer, appIds }, warn })
  await nodes?.look()
  const wechatCounter = createWechatCounter({ writes, now, part, onError })
  const flush = async (): Promise<void> => {
    await Promise.all([audit.flush(), wechatCounter.flush()])
  }
  const database: PostgresDatabase = {
    ...postgres,
    phones,
    clock: observedClock,
    rememberSubjects: (tx, userIds) => rememberSubjects(tx, { userIds, now: now() }),
  }
  return {
    users: createUserStore(database),
    avatars: createAvatarStore(database, issuer),
    transfer: createUserTransferStore(database),
    identities: createIdentityStore({ ...database, ...postgres }),
    tickets: createTicketStore(postgres),
    sessions: createSessionStore(postgres),
    limits: createLimitStore(postgres),
    codes: createCodeStore(postgres),
    people: createPeopleStore(database),
    personNotes: createPersonNoteStore(postgres),
    merges: createMergeStore(database),
    administrators: createAdministratorStore(database),
    roles: createRoleStore(database),
    administratorAccounts: createAdministratorAccounts(database, audit),
    audit,
    auditReader: createAuditReader({ reads, flush: audit.flush }),
    statistics: createStatisticsStore({ reads, appIds, flush }),
    serviceUsers: createServiceUserStore({ ...database, ...postgres }),
    serviceKeys: createServiceKeyStore({ ...database, ...postgres }),
    webhooks: createWebhookStore(postgres),
    webhookDeliveries: createWebhookDeliveryStore(postgres),
    wechatCounter,
    nicknameFill: createNicknameFill(postgres),
    rootKeys: createRootKeyStore(postgres),
    retiredMacKeys: createRetiredMacKeyStore(postgres),
    signingKeys: createSigningKeyStore(postgres),
    sealedRows: createSealedRowStore(postgres, auditKeys),
    health: createHealth(postgres, {
      hashes: migrationHashes(migrations),
      checkRestoration: restoration.look,
    }),
    now,
    measures: () => ({
      ...metrics,
      clockOffsetMs: clock.offset(),
      restorations: restoration.count(),
    }),
    flush,
    async close() {
      clock.close()
      nodes?.close()
      restoration.close()
      await flush()
      await postgres.close()
    },
  }
}

/** A clock that was given is used as it is. */
async function openClock(
  { reads }: Postgres,
  { now, onWarning = () => {} }: StoreOptions,
): Promise<Pick<DatabaseClock, 'now' | 'offset' | 'close'>> {
  if (now !== undefined) return { now, offset: () => 0, close: () => {} }
  return openDatabaseClock({ reads, warn: onWarning })
}
