import type { Clock } from '../clock.ts'
import type { AccessTokens } from './access-tokens.ts'
import { createAccessTokens } from './access-tokens.ts'
import type { Apps } from './apps.ts'
import { createApps } from './apps.ts'
import type { CallLog } from './call-log.ts'
import { createCallLog } from './call-log.ts'
import type { Faults } from './faults.ts'
import { createFaults } from './faults.ts'
import type { LoginLimit } from './login-limit.ts'
import { createLoginLimit } from './login-limit.ts'
import type { OneTimeCodes } from './one-time-codes.ts'
import { createOneTimeCodes } from './one-time-codes.ts'
import type { SessionKeys } from './session-keys.ts'
import { createSessionKeys } from './session-keys.ts'
import type { WeChatUsers } from './wechat-users.ts'
import { createWeChatUsers } from './wechat-users.ts'

/** All that a sandbox remembers; in memory only. */
export interface SandboxState {
  now: Clock
  apps: Apps
  users: WeChatUsers
  loginCodes: OneTimeCodes
  phoneCodes: OneTimeCodes
  sessionKeys: SessionKeys
  accessTokens: AccessTokens
  faults: Faults
  loginLimit: LoginLimit
  calls: CallLog
}

export function createSandboxState(
  now: Clock,
  apps?: Readonly<Record<string, string>>,
): SandboxState {
  return {
    now,
    apps: createApps(apps),
    users: createWeChatUsers(),
    loginCodes: createOneTimeCodes(now),
    phoneCodes: createOneTimeCodes(now),
    sessionKeys: createSessionKeys(now),
    accessTokens: createAccessTokens(now),
    faults: createFaults(),
    loginLimit: createLoginLimit(now),
    calls: createCallLog(),
  }
}
