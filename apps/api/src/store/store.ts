import type { WebhookDeliveryStore } from '@mianmi/core'
import type { AdminPorts } from '@mianmi/core/admin'
import type { UserTransferStore } from '@mianmi/core/transfer'
import type { AuditKeySealer } from '../tokens/audit-key-sealer.ts'
import type { PhoneSealer } from '../tokens/phone-sealer.ts'
import type { AvatarStoreWithFind } from './account/avatar-finder.ts'
import type { AdministratorAccounts } from './admin/administrators/administrator-accounts.ts'
import type { WechatCounter } from './admin/overview/wechat-counter.ts'
import type { NicknameFill } from './admin/people/nickname-fill.ts'
import type { AuditStore } from './audit/audit-store.ts'
import type { RetiredMacKeyStore } from './keys/retired-mac-key-store.ts'
import type { RootKeyStore } from './keys/root-key-store.ts'
import type { SealedRowStore } from './keys/sealed-row-store.ts'
import type { SigningKeyStore } from './keys/signing-key-store.ts'
import type { StoreMeasures } from './store-measures.ts'

export type { AvatarStoreWithFind } from './account/avatar-finder.ts'
export type {
  AdministratorAccounts,
  SeparatedAdministrator,
} from './admin/administrators/administrator-accounts.ts'
export type { WechatCounter } from './admin/overview/wechat-counter.ts'
export type { AuditChainStart, AuditStore } from './audit/audit-store.ts'
export type { AuditFault, AuditVerification } from './audit/verification.ts'
export { DatabaseOpenError } from './database-open-error.ts'
export {
  type KeptPurpose,
  keptPurposes,
  type RetiredMacKeyStore,
} from './keys/retired-mac-key-store.ts'
export type { RootKeyStore } from './keys/root-key-store.ts'
export type {
  SealedChange,
  SealedColumns,
  SealedRow,
  SealedRowStore,
  SealedTable,
} from './keys/sealed-row-store.ts'
export type { NewSigningKey, SigningKeyRecord, SigningKeyStore } from './keys/signing-key-store.ts'
export { MoveError } from './move/move-error.ts'
export { RestoreError } from './restore/restore-error.ts'
export type { StoreMeasures } from './store-measures.ts'

/**
 * One database with every store port: those of `core`, and those that the service and its commands need besides. Each
 * verb is atomic, and throws Failure `overloaded` while the database is away or held by another process.
 */
export interface Store
  extends Pick<
    AdminPorts,
    | 'users'
    | 'identities'
    | 'tickets'
    | 'sessions'
    | 'limits'
    | 'codes'
    | 'people'
    | 'personNotes'
    | 'merges'
    | 'auditReader'
    | 'administrators'
    | 'roles'
    | 'statistics'
    | 'serviceUsers'
    | 'serviceKeys'
    | 'webhooks'
  > {
  readonly avatars: AvatarStoreWithFind
  readonly audit: AuditStore
  readonly administratorAccounts: AdministratorAccounts
  readonly transfer: UserTransferStore
  readonly webhookDeliveries: WebhookDeliveryStore
  readonly wechatCounter: WechatCounter
  readonly nicknameFill: NicknameFill
  readonly rootKeys: RootKeyStore
  readonly retiredMacKeys: RetiredMacKeyStore
  readonly signingKeys: SigningKeyStore
  readonly sealedRows: SealedRowStore
  readonly health: StoreHealth
  /** What the store measures of itself; absent where there is nothing to measure. */
  readonly measures?: () => StoreMeasures
  /**
   * Prepares what the first calls of users would wait for otherwise, in short steps between which the event loop serves
   * others. Absent where there is nothing to prepare. Call it when the service listens, and not again.
   */
  readonly warmUp?: () => Promise<void>
  /** The clock of the service, in ms since the epoch. All processes on one database agree about it. */
  readonly now: () => number
  /**
   * Writes what this process still holds in memory: lines of the audit log, day counts, counts of WeChat. Also called at
   * the beginning of the verbs that read these.
   */
  flush(): Promise<void>
  /** Writes what is in memory and closes the database. Allowed twice. Nothing else may be called afterwards. */
  close(): Promise<void>
}

export interface StoreHealth {
  /** Resolves when the database can be read and written and its schema is this version's. @throws what is wrong */
  ready(): Promise<void>
  /** Size of the database in bytes; null where it is not known. */
  bytes(): Promise<number | null>
}

/** What a store needs to know of the service. */
export interface StoreOptions {
  readonly phones: PhoneSealer
  readonly auditKeys: AuditKeySealer
  /** The configured apps: a name that a caller invented must not get a day count of its own. */
  readonly appIds: readonly string[]
  /** Public address of the service; the addresses of avatars start with it. Empty for a command, which is no node. */
  readonly issuer: string
  /** The clock, ms since the epoch. Default: `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Takes the error of a write for which no caller waits. */
  readonly onError: (error: unknown) => void
  /** Takes a line for the administrators of the machine, such as that its clock is wrong. */
  readonly onWarning?: ((line: string) => void) | undefined
  /** Called after a commit of this process that wrote events for webhooks. Those of other processes are found by `due`. */
  readonly onWebhookEvents?: (() => void) | undefined
  /**
   * Called after the database has become an older copy of itself: what the service has written there at its start may be
   * missing. Where it rejects, it is called again.
   */
  readonly onRestored?: (() => Promise<void>) | undefined
  /** Whether to open a SQLite file too whose content was moved to PostgreSQL. Default false: it is out of date. */
  readonly mayBeMoved?: boolean | undefined
  /**
   * How long a write waits for one of another process, and on PostgreSQL for the reply to a statement, in ms. Default: as
   * long as a caller of the service waits, a second or so.
   */
  readonly lockWaitMs?: number | undefined
  /** The folder `migrations`, with a folder for each kind of database. */
  readonly migrations: string
}
