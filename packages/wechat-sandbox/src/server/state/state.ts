import type { Clock } from '../clock.ts'
import type { AccessTokens } from './access-tokens.ts'
import { createAccessTokens } from './access-tokens.ts'
import type { Apps } from './apps.ts'
import { createApps } from './apps.ts'
import type { CallLog } from './call-log.ts'
import { createCallLog } from './call-log.ts'
import type { Faults } from './faults.ts'
import { createFaults } from './faults.ts'
import type { Limits } from './limits.ts'
import { createLimits } from './limits.ts'
import type { OneTimeCodes } from './one-time-codes.ts'
import { createOneTimeCodes } from './one-time-codes.ts'
import type { People } from './people.ts'
import { createPeople } from './people.ts'
import type { SessionKeys } from './session-keys.ts'
import { createSessionKeys } from './session-keys.ts'

/** All that a sandbox remembers; in memory only. */
export interface State {
  now: Clock
  apps: Apps
  people: People
  loginCodes: OneTimeCodes
  phoneCodes: OneTimeCodes
  sessionKeys: SessionKeys
  accessTokens: AccessTokens
  faults: Faults
  limits: Limits
  calls: CallLog
}

export function createState(now: Clock, apps?: Readonly<Record<string, string>>): State {
  return {
    now,
    apps: createApps(apps),
    people: createPeople(),
    loginCodes: createOneTimeCodes(now),
    phoneCodes: createOneTimeCodes(now),
    sessionKeys: createSessionKeys(now),
    accessTokens: createAccessTokens(now),
    faults: createFaults(),
    limits: createLimits(now),
    calls: createCallLog(),
  }
}
