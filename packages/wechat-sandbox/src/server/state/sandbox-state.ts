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

/** Everything that a sandbox stores; in memory only. */
export interface SandboxState {
  /** The clock of every part. */
  now: Clock
  /** The mini programs and their secrets. */
  apps: Apps
  /** Phone number, unionid and openids of each user. */
  users: WeChatUsers
  /** Codes of `wx.login`. */
  loginCodes: OneTimeCodes
  /** Codes of the phone number button. */
  phoneCodes: OneTimeCodes
  /** The session key of each user in each app. */
  sessionKeys: SessionKeys
  /** The access tokens of each app. */
  accessTokens: AccessTokens
  /** The faults that are set. */
  faults: Faults
  /** The limit of code exchanges. */
  loginLimit: LoginLimit
  /** The calls of services to the server API. */
  calls: CallLog
}

/** @param apps appid → secret; see `SandboxOptions` */
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
