import type { Ports } from '../ports.ts'
import type { AuditReader } from './audit/audit-reader.ts'
import type { Overview, Setting } from './desk.ts'
import type { MergeStore } from './people/merge-store.ts'
import type { PeopleStore } from './people/people-store.ts'
import type { AppTester } from './service/app-tester.ts'
import type { StatisticsStore } from './service/statistics-store.ts'
import type { OperatorStore } from './sign-in/operator-store.ts'
import type { RecoveryCodes, Totp } from './sign-in/totp.ts'

/** What the console's use cases reach the world through, beside everything that the login does. */
export interface DeskPorts extends Ports {
  readonly people: PeopleStore
  readonly merges: MergeStore
  readonly auditReader: AuditReader
  readonly operators: OperatorStore
  readonly totp: Totp
  readonly recoveryCodes: RecoveryCodes
  readonly statistics: StatisticsStore
  readonly appTester: AppTester
  /** The configured appids. */
  readonly appIds: readonly string[]
  readonly settings: () => readonly Setting[]
  readonly health: () => Overview['health']
}
