import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { commandRoot, withStore } from './command-store.ts'

const migrations = fileURLToPath(new URL('../../../migrations', import.meta.url))

it('lets a command wait half a minute for the writes of other processes', async () => {
  const { path } = openTestDatabase()
  const env = { DATABASE_URL: `file:${path}` }
  const statements = vi.spyOn(Sqlite.prototype, 'exec')
  onTestFinished(() => statements.mockRestore())
  await withStore({ env, root: commandRoot(env), migrations }, (store) =>
    store.transfer.importUsers([]),
  )
  const limits = statements.mock.calls.flat().filter((text) => text.includes('busy_timeout'))
  // A commit that waits does not block, and sets the limit back.
  expect(limits).toEqual([30_000, 0, 30_000].map((ms) => `pragma busy_timeout = ${ms}`))
})
