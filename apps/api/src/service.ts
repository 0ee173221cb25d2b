import { createUserService, type Passwords, type Ports } from '@mianmi/core'
import { createWechat, decryptData } from '@mianmi/wechat'
import type { FastifyInstance } from 'fastify'
import { ensureFirstAdministrator } from './admin/service/first-administrator.ts'
import { openAdminService } from './admin/service/open-admin-service.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import type { LogStream } from './http/log.ts'
import { createPasswords } from './passwords/passwords.ts'
import {
  createAuditStore,
  createAvatarStore,
  createIdentityStore,
  createLimitStore,
  createSessionStore,
  createTicketStore,
  createUserStore,
  createWechatTally,
  type Database,
  openDatabase,
} from './store/index.ts'
import { createAccessTokens } from './tokens/access-tokens.ts'
import { createOpaqueTokens } from './tokens/opaque-tokens.ts'
import { createPhoneSealer } from './tokens/phone-sealer.ts'
import { createRootKey } from './tokens/root-key.ts'
import { createSessionKeyVault } from './tokens/session-key-vault.ts'
import { loadSigningKey } from './tokens/signing-key.ts'
import { createWechatGateway } from './wechat-gateway.ts'

export interface Service {
  readonly app: FastifyInstance
  readonly database: Database
  readonly passwords: Passwords
  /** Lets go of the database and of WeChat's connections; the app must have answered its last call. */
  close(): Promise<void>
}

export interface ServiceSurroundings {
  /** Folder of the generated migrations. */
  readonly migrations: string
  /** Folder of the built console; where there is none, none is served. */
  readonly console: string
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Takes the log. Default: standard output. */
  readonly logStream?: LogStream | undefined
}

/** Puts the chosen parts together; nothing listens yet. */
export async function createService(
  config: Config,
  { migrations, console, now = Date.now, logStream }: ServiceSurroundings,
): Promise<Service> {
  const root = createRootKey(config.secretKey)
  const database = openDatabase(config.databasePath, migrations, createPhoneSealer(root))
  const key = await loadSigningKey(database, root)
  const passwords = createPasswords()
  const { wechatApiUrl: baseUrl, wechatApps: apps } = config
  const appIds = Object.keys(apps)
  const onError = (error: unknown): void => app.log.error({ err: error }, 'audit log')
  const tally = createWechatTally(database, { now, onError })
  const wechat = createWechat({ apps, ...(baseUrl ? { baseUrl } : {}), onRequestEnd: tally.add })
  const { issuer, accessTokenTtl: ttl } = config
  const audit = createAuditStore(database, { appIds, onError })
  const avatars = createAvatarStore(database, issuer)
  const ports: Ports = {
    ...openStores(database),
    avatars,
    audit,
    vault: createSessionKeyVault(root),
    openData: { decrypt: decryptData },
    tokens: { ...createOpaqueTokens(root), ...createAccessTokens({ key, issuer, ttl }) },
    passwords,
    wechat: createWechatGateway(wechat),
    now,
    policy: config,
  }
  await makeFirstAdministrator(config, database, ports)
  const { admin, close: closeAdmin } = openAdminService(config, ports, { database, root, wechat })
  const app = createApp({
    ...config,
    logStream,
    appIds,
    users: createUserService(ports),
    admin,
    console,
    jwks: [key.publicJwk],
    findAvatar: avatars.find,
    checkReady: () => void database.sqlite.prepare('select 1 from users limit 1').get(),
  })
  return {
    app,
    database,
    passwords,
    async close() {
      await app.close()
      await wechat.close()
      closeAdmin()
      tally.close()
      database.flush()
      // Whoever closes last folds the rest back and removes the log; a thread would be cut off in that.
      await database.checkpoints.idle()
      database.close()
    },
  }
}

const openStores = (database: Database) => ({
  users: createUserStore(database),
  identities: createIdentityStore(database),
  tickets: createTicketStore(database),
  sessions: createSessionStore(database),
  limits: createLimitStore(database),
})

/** Where that fails there will be no service, and so nobody to close the database. */
async function makeFirstAdministrator(
  { admin }: Config,
  database: Database,
  { passwords, tokens, now }: Ports,
): Promise<void> {
  if (admin === null) return
  try {
    await ensureFirstAdministrator(database, { passwords, newId: tokens.newId, now }, admin)
  } catch (error) {
    database.close()
    throw error
  }
}
