import { accountKey, createUserService, type Passwords, type Ports, sumFloods } from '@mianmi/core'
import type { Enrolment } from '@mianmi/core/admin'
import { createWechat, decryptData } from '@mianmi/wechat'
import type { FastifyInstance } from 'fastify'
import { logSeparated, warnOfAdministrators } from './admin/service/administrator-log.ts'
import { ensureFirstAdministrator } from './admin/service/first-administrator.ts'
import { openAdminService } from './admin/service/open-admin-service.ts'
import { createApp } from './app.ts'
import { readUsedKeys, recordKeyChange } from './audit/key-change.ts'
import { recordRestart, warnOfRestart } from './audit/restarted-chain.ts'
import { type AuditHead, startAuditUpkeep } from './audit/upkeep.ts'
import { inflate } from './avatars/inflate.ts'
import type { Config } from './config.ts'
import { pause } from './http/pause.ts'
import type { LogStream } from './http/request-log.ts'
import { createPasswords } from './passwords/passwords.ts'
import {
  createAuditStore,
  createAvatarStore,
  createCodeStore,
  createIdentityStore,
  createLimitStore,
  createSessionStore,
  createTicketStore,
  createUserStore,
  createWechatCounter,
  type Database,
  hasAdministrator,
  openChain,
  openDatabase,
  prepareUsers,
  separateAdministrators,
} from './store/sqlite/index.ts'
import { createAccessTokens } from './tokens/access-tokens.ts'
import { createAuditKeySealer } from './tokens/audit-key-sealer.ts'
import { createOpaqueTokens } from './tokens/opaque-tokens.ts'
import { openKeys } from './tokens/open-keys.ts'
import { createPhoneSealer } from './tokens/phone-sealer.ts'
import { createRootKey } from './tokens/root-key.ts'
import { createSessionKeyVault } from './tokens/session-key-vault.ts'
import { publishedKeys } from './tokens/signing-key.ts'
import { watchKeys } from './tokens/watch-keys.ts'
import { createWechatGateway } from './wechat-gateway.ts'

export interface Service {
  readonly app: FastifyInstance
  readonly database: Database
  readonly passwords: Passwords
  /** The first administrator where this start created it, with the code to enrol an authenticator app; shown once. */
  readonly firstAdministrator: { readonly account: string; readonly enrolment: Enrolment } | null
  /** Closes the database and WeChat's connections. The app must have answered its last call. */
  close(): Promise<void>
}

export interface ServiceEnvironment {
  /** Folder of the generated migrations. */
  readonly migrations: string
  /** Folder of the built console. May be missing; then no console is served. */
  readonly console: string
  /** The clock, ms since the epoch; default `Date.now`. */
  readonly now?: () => number
  /** Takes the log. Default: standard output. */
  readonly logStream?: LogStream | undefined
  /** Whether ADMIN_ACCOUNT and ADMIN_PASSWORD are defaults of development. Then no warning says that they have no effect any more. */
  readonly hasDefaultAdministrator?: boolean
}

/**
 * The composition root: creates stores, tokens, the WeChat client, the use cases and the app. The app does not
 * listen yet.
 */
export async function createService(
  config: Config,
  {
    migrations,
    console,
    now = Date.now,
    logStream,
    hasDefaultAdministrator = false,
  }: ServiceEnvironment,
): Promise<Service> {
  const root = createRootKey(...config.secretKeys)
  const database = openDatabase(config.databasePath, migrations, createPhoneSealer(root))
  const usedKeys = readUsedKeys(database)
  const keys = await closedOnFailure(database, () =>
    openKeys(database, root, { ...config, now: now() }),
  )
  const passwords = createPasswords()
  const { wechatApiUrl: baseUrl, wechatApps: apps } = config
  const appIds = Object.keys(apps)
  const onError = (error: unknown): void => app.log.error({ err: error }, 'audit log')
  const wechatCounter = createWechatCounter(database, { now, onError })
  const wechat = createWechat({
    apps,
    ...(baseUrl ? { baseUrl } : {}),
    onRequestEnd: wechatCounter.add,
  })
  const { issuer, accessTokenTtl: ttl } = config
  const auditStore = await closedOnFailure(database, async () => {
    const store = createAuditStore(database, {
      appIds,
      onError,
      keys: createAuditKeySealer(root),
      now,
    })
    await recordRestart({ store, now })
    await recordKeyChange({ database, audit: store, now }, root, usedKeys)
    return store
  })
  const audit = sumFloods(auditStore, { appIds })
  const avatars = createAvatarStore(database, issuer)
  const ports: Ports = {
    ...createUserStores(database),
    avatars,
    inflate,
    audit,
    vault: createSessionKeyVault(root),
    openData: { decrypt: decryptData },
    tokens: {
      ...createOpaqueTokens(root),
      ...createAccessTokens({ key: keys.signing, former: keys.former, issuer, ttl }),
    },
    passwords,
    wechat: createWechatGateway(wechat),
    now,
    pause,
    policy: config,
    appIds,
  }
  const { firstAdministrator, separated } = await closedOnFailure(database, async () => ({
    firstAdministrator: await createFirstAdministrator(config, database, ports),
    separated: separateAdministrators(database, {
      newId: ports.tokens.newId,
      now,
      append: openChain(database, createAuditKeySealer(root)).append,
    }),
  }))
  const { admin, close: closeAdmin } = openAdminService(config, ports, { database, root, wechat })
  const app = createApp({
    ...config,
    logStream,
    appIds,
    users: createUserService(ports),
    admin,
    console,
    jwks: () => publishedKeys(keys, now()),
    findAvatar: avatars.find,
    checkReady: async () => void database.sqlite.prepare('select 1 from users limit 1').get(),
  })
  logSeparated(app.log, separated)
  warnOfRestart(auditStore, (line) => app.log.error(line))
  const hasNoEffect =
    config.firstAdministrator !== null && firstAdministrator === null && !hasDefaultAdministrator
  warnOfAdministrators({ app, database, now }, { hasNoEffect })
  const stopWatchingKeys = watchKeys(database, root, {
    now,
    warn: (line) => app.log.warn(line),
    onError: (error) => app.log.error({ err: error }, 'key watch'),
  })
  const onHead = (auditHead: AuditHead): void => app.log.info({ auditHead }, 'audit log')
  const endUpkeep = startAuditUpkeep({ audit, store: auditStore, now, onHead })
  return {
    app,
    database,
    passwords,
    firstAdministrator,
    async close() {
      await app.close()
      await wechat.close()
      closeAdmin()
      stopWatchingKeys()
      endUpkeep()
      wechatCounter.flush()
      database.flush()
      // Closing twice is allowed.
      const auditHead = database.sqlite.open ? auditStore.head() : null
      if (auditHead !== null) onHead(auditHead)
      // The last connection to close checkpoints and deletes the WAL, so wait for the checkpoint thread first.
      await database.checkpoints.idle()
      database.close()
    },
  }
}

const createUserStores = (database: Database) => ({
  users: createUserStore(database),
  identities: createIdentityStore(database),
  tickets: createTicketStore(database),
  sessions: createSessionStore(database),
  limits: createLimitStore(database),
  codes: createCodeStore(),
})

/** Closes the database on failure, because then there is no service that could close it. */
async function closedOnFailure<T>(database: Database, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    database.close()
    throw error
  }
}

async function createFirstAdministrator(
  { firstAdministrator }: Config,
  database: Database,
  { passwords, tokens, now, audit }: Ports,
): Promise<Service['firstAdministrator']> {
  if (firstAdministrator === null || hasAdministrator(database)) return null
  const { account } = firstAdministrator
  const tools = { passwords, newId: tokens.newId, now }
  const record = (outcome: 'started' | 'ok'): Promise<void> => {
    const userId = prepareUsers(database).byAccount(accountKey(account))?.id ?? null
    const line = { action: 'system.firstAdministrator', appId: null, origin: null } as const
    return audit.write({ ...line, at: now(), outcome, userId })
  }
  await record('started')
  const enrolment = await ensureFirstAdministrator(database, tools, firstAdministrator)
  if (enrolment !== null) await record('ok')
  return enrolment && { account, enrolment }
}
