import { blankImport, createMemoryStore } from '@mianmi/core/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { maxKinds, readImportedHashes, watchImportedWork } from './imported-work.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

const bcrypt = (cost: string, letter: string) => `$2b$${cost}$${letter.repeat(53)}`
const md5 = 'md5$salt$b398c549422ffc04edcbcc3ef78341ff'

async function storeWith(hashes: readonly string[]) {
  const { transfer, users } = createMemoryStore()
  const add = (id: string, passwordHash: string) =>
    transfer.importUsers([{ user: { ...blankImport, passwordHash }, newId: id, now: 1 }])
  for (const [index, hash] of hashes.entries()) await add(`user ${index}`, hash)
  return { transfer, users, add }
}

const fail = (error: unknown) => {
  throw error
}

it('finds each kind once, and leaves out what is no hash', async () => {
  const hashes = [
    ...[bcrypt('10', 'a'), bcrypt('10', 'z'), 'no hash', md5],
    ...[bcrypt('04', 'b'), bcrypt('99', 'c')],
  ]
  const { transfer } = await storeWith(hashes)
  const next = vi.spyOn(transfer, 'nextImportedHash')
  const { kinds, works } = await readImportedHashes(transfer)
  expect([...kinds]).toEqual(['$2b$04$', '$2b$10$', 'md5$'])
  expect(works).toEqual({ bcrypt: 1024, digest: 0 })
  // The second hash of a kind is not read.
  expect(next).toHaveBeenCalledTimes(6)
})

it('ends with every text, and reads a bounded number of them', async () => {
  const beyondAscii = [
    'md5$😀$b398c549422ffc04edcbcc3ef78341ff',
    '$2b$10$😀',
    '😀',
    '\u{10ffff}',
    '',
  ]
  const many = Array.from({ length: 2 * maxKinds + 50 }, (_, index) => `text ${index}`)
  const { transfer } = await storeWith([...beyondAscii, ...many])
  const next = vi.spyOn(transfer, 'nextImportedHash')
  expect((await readImportedHashes(transfer)).kinds.size).toBe(0)
  expect(next.mock.calls.length).toBeLessThanOrEqual(2 * maxKinds + 1)
})

it('there is no work where no hash was imported', async () => {
  const { transfer } = await storeWith([])
  const { works, stop } = await watchImportedWork(transfer, fail)
  expect(works()).toEqual({})
  stop()
})

it('reads them again every minute, until it is stopped', async () => {
  const { transfer, users, add } = await storeWith([md5])
  const { works, stop } = await watchImportedWork(transfer, fail)
  await add('another', bcrypt('10', 'a'))
  await vi.advanceTimersByTimeAsync(59_999)
  expect(works()).toEqual({ digest: 0 })
  await vi.advanceTimersByTimeAsync(1)
  expect(works()).toEqual({ bcrypt: 1024, digest: 0 })
  const own = '$argon2id$v=19$m=19456,t=2,p=1$salt$hash'
  await users.renewPasswordHash('user 0', { from: md5, to: own })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(works()).toEqual({ bcrypt: 1024 })
  stop()
  expect(vi.getTimerCount()).toBe(0)
})

it('keeps what it knows while the database cannot be read', async () => {
  const { transfer } = await storeWith([md5])
  const errors: unknown[] = []
  const { works, stop } = await watchImportedWork(transfer, (error) => errors.push(error))
  vi.spyOn(transfer, 'nextImportedHash').mockRejectedValue(new Error('away'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(works()).toEqual({ digest: 0 })
  expect(errors).toEqual([new Error('away')])
  stop()
})
