import type { PasswordCaller } from '@mianmi/core'
import { beforeEach, expect, it, vi } from 'vitest'
import { createPasswords } from './passwords.ts'

interface Work {
  readonly name: string
  readonly input: unknown
}

const work = vi.hoisted((): Work[] => [])
/** Threads that find every password right, one turn of the event loop later. */
vi.mock('../thread-pool.ts', () => ({
  createLazyThreadPool: () => async () => ({
    run: async (input: unknown, { name }: { name: string }) => {
      work.push({ name, input })
      await new Promise((resolve) => setImmediate(resolve))
      return true
    },
  }),
}))

beforeEach(() => void work.splice(0))

const own = { argon2: 38_912 }
const inputOf = (hash: string | null, works: object) => [
  { name: 'verify', input: { password: 'guess', hash, works } },
]
const user = { kind: 'user', id: 'one', network: 'home' } as const

it('a password without an account is compared at the cost of a real hash', async () => {
  await createPasswords().verify('guess', null)
  expect(work).toEqual(inputOf(null, own))
})

it('a password of a user costs what the imported hashes cost, one of an administrator does not', async () => {
  const passwords = createPasswords(() => ({ bcrypt: 1024, argon2: 8 }))
  await passwords.verify('guess', 'the hash', user)
  expect(work.splice(0)).toEqual(inputOf('the hash', { ...own, bcrypt: 1024 }))
  for (const kind of ['administrator', 'known administrator'] as const) {
    await passwords.verify('guess', 'the hash', { ...user, kind })
    expect(work.splice(0)).toEqual(inputOf('the hash', own))
  }
})

const check = (
  passwords: ReturnType<typeof createPasswords>,
  id: string,
  kind: PasswordCaller['kind'] = 'user',
) => passwords.verify('x', null, { kind, id, network: 'home' }).catch((error) => error.reason)

it('refuses calls at once when the queue is full, and accepts calls again later', async () => {
  const passwords = createPasswords()
  const reasons = await Promise.all(
    Array.from({ length: 300 }, (_, index) => check(passwords, `caller ${index}`)),
  )
  const refused = reasons.filter((reason) => reason === 'overloaded').length
  expect(reasons.slice(0, 256)).not.toContain('overloaded')
  expect(refused).toBeGreaterThan(0)
  expect(reasons.slice(-refused).every((reason) => reason === 'overloaded')).toBe(true)
  expect(await passwords.hash('horse')).toBe(true)
})

it('refuses the caller who fills the queue, and no other', async () => {
  const passwords = createPasswords()
  const flood = Array.from({ length: 100 }, () => check(passwords, 'flooder'))
  expect(await check(passwords, 'honest')).not.toBe('overloaded')
  expect(await Promise.all(flood)).toContain('overloaded')
})

it('lets an administrator in a known browser wait behind no stranger at the console', async () => {
  const passwords = createPasswords()
  const flood = Array.from({ length: 256 }, (_, index) =>
    check(passwords, `stranger ${index}`, 'administrator'),
  )
  // One runs, and 256 wait.
  const last = check(passwords, 'the last that fits', 'administrator')
  const tooMany = check(passwords, 'one too many', 'administrator')
  const known = check(passwords, 'root', 'known administrator')
  expect(await tooMany).toBe('overloaded')
  expect(await known).not.toBe('overloaded')
  expect(await last).not.toBe('overloaded')
  await Promise.all(flood)
})
