import { createLogin, type Passwords } from '@mianmi/core'
import { createWechat, decryptData } from '@mianmi/wechat'
import type { FastifyInstance } from 'fastify'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { createPasswords } from './passwords/passwords.ts'
import {
  createAuditStore,
  createAvatarStore,
  createIdentityStore,
  createLimitStore,
  createSessionStore,
  createTicketStore,
  createUserStore,
  type Database,
  openDatabase,
} from './store/index.ts'
import { createAccessTokens } from './tokens/access-tokens.ts'
import { createOpaqueTokens } from './tokens/opaque-tokens.ts'
import { createPhoneSealer } from './tokens/phone-sealer.ts'
import { createRootKey } from './tokens/root-key.ts'
import { createSessionKeyVault } from './tokens/session-key-vault.ts'
import { loadSigningKey } from './tokens/signing-key.ts'
import { createWechatGate } from './wechat-gate.ts'

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
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** Puts the chosen parts together; nothing listens yet. */
export async function createService(
  config: Config,
  { migrations, now = Date.now }: ServiceSurroundings,
): Promise<Service> {
  const root = createRootKey(config.secretKey)
  const database = openDatabase(config.databasePath, migrations, createPhoneSealer(root))
  const key = await loadSigningKey(database, root)
  const passwords = createPasswords()
  const { wechatApiUrl: baseUrl } = config
  const wechat = createWechat({ apps: config.wechatApps, ...(baseUrl ? { baseUrl } : {}) })
  const { issuer, accessTokenTtl: ttl } = config
  const audit = createAuditStore(database, (error) => app.log.error({ err: error }, 'audit log'))
  const avatars = createAvatarStore(database, issuer)
  const login = createLogin({
    users: createUserStore(database),
    avatars,
    identities: createIdentityStore(database),
    tickets: createTicketStore(database),
    sessions: createSessionStore(database),
    limits: createLimitStore(database),
    audit,
    vault: createSessionKeyVault(root),
    openData: { decrypt: decryptData },
    tokens: { ...createOpaqueTokens(root), ...createAccessTokens({ key, issuer, ttl }) },
    passwords,
    wechat: createWechatGate(wechat),
    now,
    policy: config,
  })
  const app = createApp({
    ...config,
    appIds: Object.keys(config.wechatApps),
    login,
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
      database.flush()
      database.close()
    },
  }
}
