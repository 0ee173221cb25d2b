import type { Ports } from '../ports.ts'
import type { ServiceUserStore } from '../service-api/service-user-store.ts'
import type { ServiceKeyMaker } from '../service-keys/service-key-maker.ts'
import type { WebhookSecrets } from '../webhooks/webhook-secrets.ts'
import type { WebhookUrls } from '../webhooks/webhook-urls.ts'
import type { EnrolmentCodes } from './administrators/enrolment.ts'
import type { RoleStore } from './administrators/role-store.ts'
import type { AppTester } from './apps/app-tester.ts'
import type { Setting } from './apps/setting.ts'
import type { AuditReader } from './audit/audit-reader.ts'
import type { MergeStore } from './merges/merge-store.ts'
import type { Overview } from './overview/overview.ts'
import type { StatisticsStore } from './overview/statistics-store.ts'
import type { PeopleStore } from './people/people-store.ts'
import type { PersonNoteStore } from './people/person-note-store.ts'
import type { ServiceKeyStore } from './service-keys/service-key-store.ts'
import type { AdministratorStore } from './sign-in/administrator-store.ts'
import type { RecoveryCodes, Totp } from './sign-in/totp.ts'
import type { WebhookStore } from './webhooks/webhook-store.ts'

/** Everything that the admin service needs from outside, in addition to the ports of the user service. */
export interface AdminPorts extends Ports {
  readonly people: PeopleStore
  readonly personNotes: PersonNoteStore
  readonly merges: MergeStore
  readonly auditReader: AuditReader
  readonly administrators: AdministratorStore
  readonly roles: RoleStore
  readonly totp: Totp
  readonly recoveryCodes: RecoveryCodes
  readonly enrolmentCodes: EnrolmentCodes
  readonly serviceUsers: ServiceUserStore
  readonly serviceKeys: ServiceKeyStore
  readonly serviceKeyMaker: ServiceKeyMaker
  readonly webhooks: WebhookStore
  readonly webhookSecrets: WebhookSecrets
  readonly webhookUrls: WebhookUrls
  readonly statistics: StatisticsStore
  readonly appTester: AppTester
  /** By appid, of the apps that the configuration names. */
  readonly appNames: ReadonlyMap<string, string>
  readonly settings: () => readonly Setting[]
  readonly health: () => Promise<Overview['health']>
}
