import { expect, it, vi } from 'vitest'
import { createPasswords } from './passwords.ts'

interface Work {
  readonly name: string
  readonly input: unknown
}

const work = vi.hoisted((): Work[] => [])
/** Threads that find every password right. */
vi.mock('../thread-pool.ts', () => ({
  createLazyThreadPool: () => async () => ({
    queueSize: 0,
    run: async (input: unknown, { name }: { name: string }) => {
      work.push({ name, input })
      return true
    },
  }),
}))

it('a password without an account is compared with a hash of the full cost, and is never right', async () => {
  expect(await createPasswords().verify('guess', null)).toBe(false)
  // The cost that a real hash has: passwords.test.ts.
  const hash = expect.stringMatching(
    /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
  )
  expect(work).toEqual([{ name: 'verify', input: { password: 'guess', hash } }])
})

it('a password of an account is compared with its own hash', async () => {
  work.length = 0
  expect(await createPasswords().verify('guess', 'the hash')).toBe(true)
  expect(work).toEqual([{ name: 'verify', input: { password: 'guess', hash: 'the hash' } }])
})
