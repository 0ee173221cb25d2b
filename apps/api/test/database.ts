import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import {
  createAuditStore,
  createSqliteStore,
  type Database,
  openDatabase,
} from '../src/store/sqlite/index.ts'
import type { AuditStore, Store, StoreOptions } from '../src/store/store.ts'
import { createAuditKeySealer } from '../src/tokens/audit-key-sealer.ts'
import { createPhoneSealer } from '../src/tokens/phone-sealer.ts'
import { createRootKey, type RootKey } from '../src/tokens/root-key.ts'

const migrations = fileURLToPath(new URL('../migrations/sqlite', import.meta.url))
const root = createRootKey(new Uint8Array(32))
const phones = createPhoneSealer(root)
export const auditKeys = createAuditKeySealer(root)

/** Believes each time that it is given, for tests in which days pass at once. */
const clock: Database['clock'] = { observe: (now) => ({ earliest: now, latest: now }) }

/**
 * The service's database in a file of its own, as another process would open it too.
 *
 * @param options.observes whether the clock is believed no faster than time passes, as in the service
 */
export function openTestDatabase({ observes = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-store-'))
  const path = join(folder, 'test.db')
  const opened = openDatabase(path, migrations, phones)
  const database = observes ? opened : { ...opened, clock }
  onTestFinished(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })
  return { database, path, openAgain: () => openDatabase(path, migrations, phones) }
}

const onError = (error: unknown): void => {
  throw error
}

/** The store over an open database, as a process with this SECRET_KEY has it. */
export const storeOf = (
  database: Database,
  keys: RootKey = root,
  options: Partial<StoreOptions> = {},
): Store =>
  createSqliteStore(database, {
    phones: database.phones,
    auditKeys: createAuditKeySealer(keys),
    appIds: ['wx1', 'wx2'],
    issuer: 'https://mianmi.example',
    onError,
    migrations,
    ...options,
  })

/** The audit log over an open database, open itself. */
export function openTestAudit(
  database: Database,
  options: Partial<Parameters<typeof createAuditStore>[1]> = {},
): AuditStore {
  const defaults = { appIds: ['wx1'], onError, keys: auditKeys, now: Date.now }
  const { audit } = createAuditStore(database, { ...defaults, ...options })
  audit.open().catch(onError)
  return audit
}
