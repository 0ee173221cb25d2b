import type { AdminPorts, NewEnrolment } from '../../src/admin/index.ts'
import type { Picture, Role, WebhookDeliveryStore } from '../../src/index.ts'
import type { UserTransferStore } from '../../src/transfer/index.ts'

/** The store ports over one empty database, and what no port offers to a test. */
export interface TestedStores
  extends Pick<
    AdminPorts & {
      readonly transfer: UserTransferStore
      readonly webhookDeliveries: WebhookDeliveryStore
    },
    | 'users'
    | 'avatars'
    | 'identities'
    | 'tickets'
    | 'sessions'
    | 'limits'
    | 'codes'
    | 'audit'
    | 'people'
    | 'personNotes'
    | 'merges'
    | 'auditReader'
    | 'administrators'
    | 'roles'
    | 'statistics'
    | 'serviceUsers'
    | 'transfer'
    | 'serviceKeys'
    | 'webhooks'
    | 'webhookDeliveries'
  > {
  /**
   * Whether writes that are called one after another run in this order, also where the first is not awaited. No port
   * promises it; where a store does it, they are also tested in one commit.
   */
  readonly writesInOrder: boolean
  /** Gives a user the role `admin`, or another one. */
  makeAdmin(userId: string, role?: Role): Promise<void>
  /** Lets an administrator enrol an app, as the creation of an administrator does. */
  giveEnrolment(userId: string, enrolment: NewEnrolment): Promise<void>
  /** Counts an answer of WeChat for the statistics. `errcode` is null where no whole answer came. */
  countWechatAnswer(answer: {
    at: number
    appId: string
    api: string
    errcode: number | null
    durationMs: number
  }): Promise<void>
  /** The kept picture that has this address, or null. */
  pictureAt(address: string): Promise<Picture | null>
}

/** The configured apps, as the stores know them. */
export const configuredApps: readonly string[] = ['wx1', 'wx2']

/** Creates the stores of one test, and closes them when the test ends. */
export type MakeStores = () => Promise<TestedStores>

/** The clock of the stores, in ms since the epoch: their events happen at this time. */
export const conformanceNow = (): number => 1_800_000_000_000
