import { expect, it, vi } from 'vitest'
import { hash, verify } from './hasher.mjs'

const computed = vi.hoisted((): string[] => [])
vi.mock('@node-rs/argon2', async (load) => {
  const { hashSync, verifySync } = await load<typeof import('@node-rs/argon2')>()
  return {
    hashSync,
    verifySync: (hash: string, password: string) => {
      computed.push('argon2')
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

const argon2 = '$argon2id$v=19$m=19456,t=2,p=1$'
const kinds = [argon2, '$2b$05$', 'md5$']
const stored = {
  argon2: hash('horse'),
  bcrypt: `$2b$05$${'.'.repeat(53)}`,
  md5: 'md5$$f1bdf5ed1d7ad7ede4e3809bd35644b0',
}

it.each([
  ['an account with argon2id', stored.argon2],
  ['an account with bcrypt', stored.bcrypt],
  ['an account with MD5', stored.md5],
  ['an account with a broken hash', '$2b$05$broken'],
  ['no account', null],
])('a password for %s computes each kind of hash once', (_, hash) => {
  computed.length = 0
  expect(verify({ password: 'wrong', hash, kinds })).toBe(false)
  expect(computed.toSorted()).toEqual(['$2b$05$', 'argon2'])
})

it('the own hash of the account is the one that counts', () => {
  expect(verify({ password: 'horse', hash: stored.argon2, kinds })).toBe(true)
  expect(verify({ password: 'horse', hash: stored.md5, kinds })).toBe(true)
  expect(verify({ password: 'horse', hash: stored.bcrypt, kinds })).toBe(false)
})

it('a kind that is not known to be stored yet is computed too', () => {
  expect(verify({ password: 'horse', hash: stored.md5, kinds: [argon2] })).toBe(true)
})
