import { createServiceApi, createUserService, type Passwords, sumFloods } from '@mianmi/core'
import type { FastifyInstance } from 'fastify'
import { logSeparated, warnOfAdministrators } from './admin/service/administrator-log.ts'
import {
  type CreatedAdministrator,
  createFirstAdministrator,
} from './admin/service/first-administrator.ts'
import { openAdminService } from './admin/service/open-admin-service.ts'
import { createApp } from './app.ts'
import { recordKeyChange } from './audit/key-change.ts'
import { recordRestart, warnOfRestart } from './audit/restarted-chain.ts'
import type { AuditHead } from './audit/upkeep.ts'
import type { Config } from './config/config.ts'
import type { LogStream } from './http/request-log.ts'
import { watchImportedWork } from './passwords/imported-work.ts'
import { openPorts, openWechat } from './ports.ts'
import { createReporter, type Reporter } from './process/reporter.ts'
import { describeUrl, openStore } from './store/open-store.ts'
import type { Store, StoreOptions } from './store/store.ts'
import { createAuditKeySealer } from './tokens/audit-key-sealer.ts'
import { createKeyRing } from './tokens/key-ring.ts'
import { openKeys } from './tokens/open-keys.ts'
import { createPhoneSealer } from './tokens/phone-sealer.ts'
import { createRootKey, type RootKey } from './tokens/root-key.ts'
import { serviceKeyMaker } from './tokens/service-keys.ts'
import { publishedKeys } from './tokens/signing-key.ts'
import { createWebhookSecrets } from './tokens/webhook-secrets.ts'
import { openTracing } from './tracing/open-tracing.ts'
import type { Tracing } from './tracing/tracing.ts'
import { startUpkeep } from './upkeep.ts'
import { openDeliveries } from './webhooks/open-deliveries.ts'

/** How long a stop waits for a collector that does not answer, in ms. */
const flushLimitMs = 2_000

export interface Service {
  readonly app: FastifyInstance
  readonly store: Store
  readonly passwords: Passwords
  /** Where this start created it. */
  readonly firstAdministrator: CreatedAdministrator | null
  /**
   * Claims no further delivery to a webhook. Attempts under way may end within `graceMs`, the others are ended and given
   * back. Resolves when all results are kept.
   */
  stopDeliveries(graceMs: number): Promise<void>
  /** Closes the store and WeChat's connections. The app must have answered its last call. */
  close(): Promise<void>
}

export interface ServiceEnvironment {
  /** Folder of the generated migrations, with a folder for each kind of database. */
  readonly migrations: string
  /** Folder of the built console. May be missing; then no console is served. */
  readonly console: string
  /** The clock, ms since the epoch. Default: that of the store. */
  readonly now?: () => number
  /** Takes the log. Default: standard output. */
  readonly logStream?: LogStream | undefined
  /** Whether ADMIN_ACCOUNT and ADMIN_PASSWORD are defaults of development. Then no warning says that they have no effect any more. */
  readonly hasDefaultAdministrator?: boolean
  /** Opens the store; default `openStore`. Tests look into the one that they open themselves. */
  readonly openStore?: (url: string, options: StoreOptions) => Promise<Store>
}

/**
 * The composition root: creates stores, tokens, the WeChat client, the use cases and the app. The app does not
 * listen yet.
 */
export async function createService(
  config: Config,
  environment: ServiceEnvironment,
): Promise<Service> {
  const root = createRootKey(...config.secretKeys)
  const { migrations, now, openStore: open = openStore } = environment
  const report = createReporter()
  const signals: StoreSignals = { onWebhookEvents() {}, async onRestored() {} }
  const store = await open(config.databaseUrl, {
    phones: createPhoneSealer(root),
    auditKeys: createAuditKeySealer(root),
    appIds: Object.keys(config.wechatApps),
    issuer: config.issuer,
    now,
    onError: report.error,
    onWarning: report.warn,
    onWebhookEvents: () => signals.onWebhookEvents(),
    onRestored: () => signals.onRestored(),
    migrations,
  })
  try {
    return await composeService({ config, environment, root, store, report, signals })
  } catch (error) {
    // There is no service that could close it.
    await store.close()
    throw error
  }
}

interface Composed {
  readonly config: Config
  readonly environment: ServiceEnvironment
  readonly root: RootKey
  readonly store: Store
  readonly report: Reporter
  readonly signals: StoreSignals
}

/** What the store calls. It is opened before there is something that takes it. */
interface StoreSignals {
  onWebhookEvents: () => void
  onRestored: () => Promise<void>
}

async function composeService(composed: Composed): Promise<Service> {
  const { config, environment, root, report, signals } = composed
  const tracing = await openTracing(config.tracing, report.warn)
  const store = tracing ? tracePorts(composed.store, tracing) : composed.store
  const { now, serviceUsers, serviceKeys } = store
  const usedKeys = await store.rootKeys.used()
  const { accessTokenTtl } = config
  const loaded = await openKeys(store, root, { ...config, now: now() })
  const keys = createKeyRing(loaded, { ...store, root }, { accessTokenTtl, now })
  signals.onRestored = async () => {
    await store.rootKeys.record(root.id, now())
    await keys.restore()
  }
  const chain = await store.audit.open()
  await recordRestart(store, chain)
  await recordKeyChange(store, root, usedKeys)
  const imported = await watchImportedWork(store.transfer, report.error)
  const wechat = openWechat(config, store)
  const audit = sumFloods(store.audit, { appIds: Object.keys(config.wechatApps) })
  const parts = { store, root, keys, wechat, audit, works: imported.works, tracing }
  const ports = openPorts(config, parts)
  const users = createUserService(ports)
  const firstAdministrator = await createFirstAdministrator(config, store, ports)
  const { newId } = ports.tokens
  const separated = await store.administratorAccounts.separate({ newId, now })
  const { admin, close: closeAdmin } = openAdminService(config, ports, { store, root, wechat })
  const deliveries = openDeliveries(composed.store.webhookDeliveries, {
    secrets: createWebhookSecrets(root),
    allowed: config.webhookAllow,
    now,
  })
  const app = createApp({
    ...config,
    logStream: environment.logStream,
    appIds: ports.appIds,
    users: tracing?.trace('users', users) ?? users,
    admin,
    services: createServiceApi({ ...ports, serviceUsers, serviceKeys, serviceKeyMaker }),
    console: environment.console,
    jwks: () => publishedKeys(keys.current(), now()),
    findAvatar: (name) => store.avatars.find(name),
    checkReady: store.health.ready,
    readStore: store.measures,
    readWebhooks: deliveries.measures,
    tracing,
  })
  report.to(app)
  if (usedKeys.length === 0) app.log.info(describeNew(config))
  logSeparated(app.log, separated)
  warnOfRestart(chain, (line) => app.log.error(line))
  await warnOfAdministrators(
    { app, administrators: store.administratorAccounts, now },
    { hasNoEffect: isWithoutEffect(composed, firstAdministrator) },
  )
  const onHead = (auditHead: AuditHead): void => app.log.info({ auditHead }, 'audit log')
  const upkeep = startUpkeep({ store, root, audit, log: app.log, report, onHead })
  const dispatcher = deliveries.start(app.log)
  signals.onWebhookEvents = dispatcher.wake
  return {
    app,
    store,
    passwords: ports.passwords,
    firstAdministrator,
    stopDeliveries: dispatcher.stop,
    async close() {
      await dispatcher.stop(0)
      await app.close()
      await wechat.close()
      closeAdmin()
      imported.stop()
      upkeep.stop()
      await store.flush().catch(report.error)
      // The database may be away, or closed already: closing twice is allowed.
      const auditHead = await store.audit.head().catch(() => null)
      if (auditHead !== null) onHead(auditHead)
      await tracing?.close(flushLimitMs)
      await store.close()
    },
  }
}

/** A wrong address of the database often names an empty one, which would be filled with new users. */
const describeNew = ({ databaseUrl }: Config): string =>
  `a new database: no service has used ${describeUrl(databaseUrl)} before; if your users are in another one, correct DATABASE_URL`

/** Every port of the store with spans; what is no port stays as it is. */
const tracePorts = (store: Store, { trace }: Tracing): Store =>
  Object.fromEntries(
    Object.entries(store).map(([name, port]) => [
      name,
      typeof port === 'object' ? trace(`store.${name}`, port) : port,
    ]),
  ) as unknown as Store

/** Whether the first administrator is configured beside an existing one. */
const isWithoutEffect = (
  { config, environment }: Composed,
  created: Service['firstAdministrator'],
): boolean =>
  config.firstAdministrator !== null &&
  created === null &&
  environment.hasDefaultAdministrator !== true
