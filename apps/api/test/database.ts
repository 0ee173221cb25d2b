import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../src/store/sqlite/index.ts'
import { createAuditKeySealer } from '../src/tokens/audit-key-sealer.ts'
import { createPhoneSealer } from '../src/tokens/phone-sealer.ts'
import { createRootKey } from '../src/tokens/root-key.ts'

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
