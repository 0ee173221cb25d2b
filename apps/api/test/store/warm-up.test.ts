import { expect, it, vi } from 'vitest'
import { openTestDatabase, storeOf } from '../database.ts'

it('prepares the statements of the first calls before they come, and not when the store is opened', async () => {
  const { database } = openTestDatabase()
  const prepare = vi.spyOn(database.sqlite, 'prepare')
  const { users, sessions, warmUp } = storeOf(database)
  const opened = prepare.mock.calls.length
  await warmUp?.()
  const warm = prepare.mock.calls.length
  // A part of the audit log is prepared with the first line.
  expect(opened).toBeLessThan(20)
  expect(warm).toBeGreaterThan(3 * opened)
  await users.findByAccount('ming')
  await sessions.find('none')
  expect(prepare).toHaveBeenCalledTimes(warm)
})

it('prepares nothing once the database is closed', async () => {
  const { database } = openTestDatabase()
  const { warmUp, close } = storeOf(database)
  const warming = warmUp?.()
  await close()
  await expect(warming).resolves.toBeUndefined()
})
