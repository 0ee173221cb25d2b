import { fileURLToPath } from 'node:url'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { storeOf } from '../../test/database.ts'
import { openDatabase } from '../store/sqlite/database.ts'
import { claimAlone, claimDatabase, UnlistedKeyError } from './claim-database.ts'
import { createPhoneSealer } from './phone-sealer.ts'
import { createRootKey } from './root-key.ts'
import { watchKeys } from './watch-keys.ts'

const migrations = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url))
const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const [oldFirst, newFirst, onlyNew] = [createRootKey(a, b), createRootKey(b, a), createRootKey(b)]
const minute = 60_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
})

function open() {
  const database = openDatabase(':memory:', migrations, createPhoneSealer(oldFirst))
  onTestFinished(() => database.close())
  const store = storeOf(database, oldFirst)
  const warnings: string[] = []
  const onError = (error: unknown): void => {
    throw error
  }
  const watch = (root = oldFirst) =>
    watchKeys(store.rootKeys, root, { now: Date.now, warn: (line) => warnings.push(line), onError })
  return { database, store, warnings, watch }
}

it('a process whose key was retired is warned, and records that it still writes under it', async () => {
  const { database, store, warnings, watch } = open()
  await claimDatabase(store, oldFirst, 1)
  onTestFinished(watch())
  await vi.advanceTimersByTimeAsync(3 * minute)
  expect(warnings).toEqual([])
  const claimed = claimAlone(store.rootKeys, newFirst, 2)
  database.flush()
  await claimed
  await claimDatabase(store, onlyNew, 3)
  await vi.advanceTimersByTimeAsync(minute)
  database.flush()
  expect(warnings).toEqual([expect.stringContaining('retired the key')])
  await expect(claimDatabase(store, onlyNew, 4)).rejects.toThrow(UnlistedKeyError)
  await vi.advanceTimersByTimeAsync(minute)
  expect(warnings).toHaveLength(1)
})

it('a process that does not list the key of another one is warned until it ends', async () => {
  const { store, warnings, watch } = open()
  const onlyOld = createRootKey(a)
  await claimDatabase(store, onlyOld, 1)
  const stop = watch(onlyOld)
  await claimDatabase(store, newFirst, 2)
  await vi.advanceTimersByTimeAsync(2 * minute)
  expect(warnings).toHaveLength(2)
  expect(warnings[0]).toContain('another process')
  stop()
  await vi.advanceTimersByTimeAsync(2 * minute)
  expect(warnings).toHaveLength(2)
})
