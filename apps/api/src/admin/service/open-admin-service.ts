import type { Ports } from '@mianmi/core'
import { type AdminService, createAdminService } from '@mianmi/core/admin'
import type { Wechat } from '@mianmi/wechat'
import type { Config } from '../../config.ts'
import {
  createAdministratorStore,
  createAuditReader,
  createMergeStore,
  createPeopleStore,
  createRoleStore,
  createStatisticsStore,
  type Database,
} from '../../store/sqlite/index.ts'
import type { RootKey } from '../../tokens/root-key.ts'
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
  resources: { database: Database; root: RootKey; wechat: Wechat },
): { admin: AdminService; close(): void } {
  const { database, root, wechat } = resources
  const health = createHealthMonitor(database)
  const appIds = Object.keys(config.wechatApps)
  const admin = createAdminService({
    ...ports,
    people: createPeopleStore(database),
    merges: createMergeStore(database),
    auditReader: createAuditReader(database),
    administrators: createAdministratorStore(database),
    roles: createRoleStore(database),
    statistics: createStatisticsStore(database, appIds),
    totp: createTotp(root),
    recoveryCodes: createRecoveryCodes(root),
    enrolmentCodes,
    appTester: createAppTester(wechat),
    settings: () => listSettings(config),
    health: health.read,
  })
  return { admin, close: health.stop }
}
