import type { Ports } from '@mianmi/core'
import { type AdminService, createAdminService } from '@mianmi/core/admin'
import type { Wechat } from '@mianmi/wechat'
import type { Config } from '../../config/config.ts'
import type { Store } from '../../store/store.ts'
import type { RootKey } from '../../tokens/root-key.ts'
import { serviceKeyMaker } from '../../tokens/service-keys.ts'
import { createWebhookSecrets } from '../../tokens/webhook-secrets.ts'
import { createWebhookUrls } from '../../webhooks/webhook-urls.ts'
import { createAppTester } from './app-tester.ts'
import { enrolmentCodes } from './enrolment-codes.ts'
import { createHealthMonitor } from './health.ts'
import { createRecoveryCodes } from './recovery-codes.ts'
import { listSettings } from './settings.ts'
import { createTotp } from './totp.ts'

/** Composes the admin service from the user service's ports and its own. Call `close` at shutdown. */
export function openAdminService(
  config: Config,
  ports: Ports,
  { store, root, wechat }: { store: Store; root: RootKey; wechat: Wechat },
): { admin: AdminService; close(): void } {
  const health = createHealthMonitor(store.health)
  const { people, personNotes, merges, auditReader, administrators, roles, statistics } = store
  const { serviceUsers, serviceKeys, webhooks } = store
  const admin = createAdminService({
    ...ports,
    people,
    personNotes,
    merges,
    auditReader,
    administrators,
    roles,
    statistics,
    serviceUsers,
    serviceKeys,
    serviceKeyMaker,
    webhooks,
    webhookSecrets: createWebhookSecrets(root),
    webhookUrls: createWebhookUrls(config.webhookAllow),
    totp: createTotp(root),
    recoveryCodes: createRecoveryCodes(root),
    enrolmentCodes,
    appTester: createAppTester(wechat),
    appNames: new Map(Object.entries(config.wechatAppNames)),
    settings: () => listSettings(config),
    health: health.read,
  })
  return { admin, close: health.stop }
}
