import type { AuditLog, Ports } from '@mianmi/core'
import { createWechat, decryptData, type Wechat } from '@mianmi/wechat'
import { inflate } from './avatars/inflate.ts'
import type { Config } from './config/config.ts'
import { pause } from './http/pause.ts'
import type { ImportedWork } from './passwords/imported-work.ts'
import { createPasswords } from './passwords/passwords.ts'
import type { Store } from './store/store.ts'
import { createAccessTokens, externalIdFrom } from './tokens/access-tokens.ts'
import type { KeyRing } from './tokens/key-ring.ts'
import { createOpaqueTokens } from './tokens/opaque-tokens.ts'
import type { RootKey } from './tokens/root-key.ts'
import { createSessionKeyVault } from './tokens/session-key-vault.ts'
import type { Tracing } from './tracing/tracing.ts'
import { createWechatGateway } from './wechat-gateway.ts'

interface Parts {
  readonly store: Store
  readonly root: RootKey
  readonly keys: KeyRing
  readonly wechat: Wechat
  readonly audit: AuditLog
  /** What verifying the imported hashes costs. */
  readonly works: ImportedWork['works']
  readonly tracing: Tracing | null
}

/** The client of WeChat's server API for the configured apps, whose requests are counted. */
export const openWechat = (
  { wechatApps: apps, wechatApiUrl: baseUrl }: Config,
  store: Store,
): Wechat =>
  createWechat({
    apps,
    ...(baseUrl ? { baseUrl } : {}),
    // On PostgreSQL the clock of the database: WeChat's replies have a time, and this machine's clock may be wrong.
    now: store.now,
    onRequestEnd: store.wechatCounter.add,
  })

/** The ports of the use cases in `core`, on the store, the tokens, the password threads and WeChat. */
export function openPorts(config: Config, parts: Parts): Ports {
  const { store, root, keys, audit, tracing } = parts
  const { users, avatars, identities, tickets, sessions, limits, codes, now } = store
  const { issuer, accessTokenTtl: ttl } = config
  const appIds = Object.keys(config.wechatApps)
  const gateway = createWechatGateway(parts.wechat)
  return {
    ...{ users, avatars, identities, tickets, sessions, limits, codes },
    inflate,
    audit,
    vault: createSessionKeyVault(root),
    openData: { decrypt: decryptData },
    tokens: {
      ...createOpaqueTokens(root),
      ...createAccessTokens({
        ...{ keys, issuer, ttl },
        ...(config.externalIdClaim ? { externalIdOf: externalIdFrom(store.serviceUsers) } : {}),
      }),
    },
    passwords: createPasswords(parts.works, tracing?.watchQueue),
    wechat: tracing?.trace('wechat', gateway, 'client') ?? gateway,
    now,
    pause,
    policy: config,
    appIds,
  }
}
