import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { openDatabase } from '../src/store/index.ts'
import { createAuditKeySealer } from '../src/tokens/audit-key-sealer.ts'
import { createPhoneSealer } from '../src/tokens/phone-sealer.ts'
import { createRootKey } from '../src/tokens/root-key.ts'

const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
const root = createRootKey(new Uint8Array(32))
const phones = createPhoneSealer(root)
export const auditKeys = createAuditKeySealer(root)

/** The service's database in a file of its own, as another process would open it too. */
export function openTestDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-store-'))
  const path = join(folder, 'test.db')
  const database = openDatabase(path, migrations, phones)
  onTestFinished(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })
  return { database, path, openAgain: () => openDatabase(path, migrations, phones) }
}
