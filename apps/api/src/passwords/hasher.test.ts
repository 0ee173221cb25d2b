import { expect, it, vi } from 'vitest'
import { hash, verify } from './hasher.mjs'

const computed = vi.hoisted((): string[] => [])
vi.mock('@node-rs/argon2', async (load) => {
  const { hashSync, verifySync } = await load<typeof import('@node-rs/argon2')>()
  return {
    hashSync: (...input: Parameters<typeof hashSync>) => {
      computed.push('argon2')
      return hashSync(...input)
    },
    verifySync: (hash: string, password: string) => {
      // The look whether the library takes a hash is the cheapest computation that there is.
      if (!hash.includes('$m=8,t=1,')) computed.push('argon2')
      return verifySync(hash, password)
    },
  }
})
vi.mock('bcryptjs', async (load) => {
  const { default: bcrypt } = await load<typeof import('bcryptjs')>()
  const compareSync = (password: string, hash: string) => {
    computed.push(hash.slice(0, 7))
    return bcrypt.compareSync(password, hash)
  }
  return { default: { compareSync } }
})

const works = { argon2: 38_912, bcrypt: 64 }
const stored = {
  argon2: hash('horse'),
  bcrypt: `$2b$05$${'.'.repeat(53)}`,
  md5: 'md5$$f1bdf5ed1d7ad7ede4e3809bd35644b0',
}

it.each([
  ['an account with argon2id', stored.argon2, ['$2b$06$', 'argon2']],
  ['an account with bcrypt of half the cost', stored.bcrypt, ['$2b$05$', '$2b$05$', 'argon2']],
  ['an account with MD5', stored.md5, ['$2b$06$', 'argon2']],
  ['an account with a broken hash', '$2b$05$broken', ['$2b$06$', 'argon2']],
  ['no account', null, ['$2b$06$', 'argon2']],
])('a password for %s computes as much as each other', (_, hash, expected) => {
  computed.length = 0
  expect(verify({ password: 'wrong', hash, works })).toBe(false)
  expect(computed.toSorted()).toEqual(expected)
})

it('the own hash of the account is the one that counts', () => {
  expect(verify({ password: 'horse', hash: stored.argon2, works })).toBe(true)
  expect(verify({ password: 'horse', hash: stored.md5, works })).toBe(true)
  expect(verify({ password: 'horse', hash: stored.bcrypt, works })).toBe(false)
})

it('a hash that costs more than what is known to be stored is verified too', () => {
  computed.length = 0
  expect(verify({ password: 'horse', hash: stored.bcrypt, works: { bcrypt: 16 } })).toBe(false)
  expect(computed).toEqual(['$2b$05$'])
})
