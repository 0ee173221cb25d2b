import { fileURLToPath } from 'node:url'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { openDatabase } from '../store/sqlite/index.ts'
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
  const warnings: string[] = []
  const onError = (error: unknown): void => {
    throw error
  }
  const watch = (root = oldFirst) =>
    watchKeys(database, root, { now: Date.now, warn: (line) => warnings.push(line), onError })
  return { database, warnings, watch }
}

it('a process whose key was retired is warned, and records that it still writes under it', () => {
  const { database, warnings, watch } = open()
  claimDatabase(database, oldFirst, 1)
  onTestFinished(watch())
  vi.advanceTimersByTime(3 * minute)
  expect(warnings).toEqual([])
  database.writeNow(() => claimAlone(database, newFirst, 2))
  expect(() => claimDatabase(database, onlyNew, 3)).not.toThrow()
  vi.advanceTimersByTime(minute)
  database.flush()
  expect(warnings).toEqual([expect.stringContaining('retired the key')])
  expect(() => claimDatabase(database, onlyNew, 4)).toThrow(UnlistedKeyError)
  vi.advanceTimersByTime(minute)
  expect(warnings).toHaveLength(1)
})

it('a process that does not list the key of another one is warned until it ends', () => {
  const { database, warnings, watch } = open()
  const onlyOld = createRootKey(a)
  claimDatabase(database, onlyOld, 1)
  const stop = watch(onlyOld)
  claimDatabase(database, newFirst, 2)
  vi.advanceTimersByTime(2 * minute)
  expect(warnings).toHaveLength(2)
  expect(warnings[0]).toContain('another process')
  stop()
  vi.advanceTimersByTime(2 * minute)
  expect(warnings).toHaveLength(2)
})
