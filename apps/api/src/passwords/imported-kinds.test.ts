import { createMemoryStore } from '@mianmi/core/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watchImportedKinds } from './imported-kinds.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

const bcrypt = (cost: string, letter: string) => `$2b$${cost}$${letter.repeat(53)}`
const md5 = 'md5$salt$b398c549422ffc04edcbcc3ef78341ff'

const nothing = {
  id: null,
  externalId: null,
  account: null,
  phone: null,
  phoneProvenAt: null,
  nickname: null,
  identities: [],
  disabledAt: null,
  createdAt: null,
}

async function storeWith(hashes: readonly string[]) {
  const { transfer, users } = createMemoryStore()
  const add = (id: string, passwordHash: string) =>
    transfer.importUsers([{ user: { ...nothing, passwordHash }, newId: id, now: 1 }])
  for (const [index, hash] of hashes.entries()) await add(`user ${index}`, hash)
  return { transfer, users, add }
}

const fail = (error: unknown) => {
  throw error
}

it('finds each kind once, and leaves out what is no hash', async () => {
  const hashes = [
    bcrypt('10', 'a'),
    bcrypt('10', 'z'),
    'no hash',
    md5,
    bcrypt('04', 'b'),
    bcrypt('99', 'c'),
  ]
  const { transfer } = await storeWith(hashes)
  const next = vi.spyOn(transfer, 'nextImportedHash')
  const { kinds, stop } = await watchImportedKinds(transfer, fail)
  expect(kinds()).toEqual(['$2b$04$', '$2b$10$', 'md5$'])
  // The second hash of a kind is not read.
  expect(next).toHaveBeenCalledTimes(6)
  stop()
})

it('there is no kind where no hash was imported', async () => {
  const { transfer } = await storeWith([])
  const { kinds, stop } = await watchImportedKinds(transfer, fail)
  expect(kinds()).toEqual([])
  stop()
})

it('reads them again every minute, until it is stopped', async () => {
  const { transfer, users, add } = await storeWith([md5])
  const { kinds, stop } = await watchImportedKinds(transfer, fail)
  await add('another', bcrypt('10', 'a'))
  await vi.advanceTimersByTimeAsync(59_999)
  expect(kinds()).toEqual(['md5$'])
  await vi.advanceTimersByTimeAsync(1)
  expect(kinds()).toEqual(['$2b$10$', 'md5$'])
  const own = '$argon2id$v=19$m=19456,t=2,p=1$salt$hash'
  await users.renewPasswordHash('user 0', { from: md5, to: own })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(kinds()).toEqual(['$2b$10$'])
  stop()
  expect(vi.getTimerCount()).toBe(0)
})

it('keeps what it knows while the database cannot be read', async () => {
  const { transfer } = await storeWith([md5])
  const errors: unknown[] = []
  const { kinds, stop } = await watchImportedKinds(transfer, (error) => errors.push(error))
  vi.spyOn(transfer, 'nextImportedHash').mockRejectedValue(new Error('away'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(kinds()).toEqual(['md5$'])
  expect(errors).toEqual([new Error('away')])
  stop()
})
