import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { createPhoneSealer } from '../../src/tokens/phone-sealer.ts'
import { createRootKey } from '../../src/tokens/root-key.ts'

export const phones = createPhoneSealer(createRootKey(new Uint8Array(32)))
export const migrations = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url))

/** A folder, and the migrations as they were when only the first `count` were there. */
export function earlier(count: number) {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-migrations-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const old = join(folder, 'migrations')
  cpSync(migrations, old, { recursive: true })
  const path = join(old, 'meta', '_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }))
  return { old, file: join(folder, 'test.db') }
}
