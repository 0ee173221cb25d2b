import { expect, it } from 'vitest'
import { createPasswords } from './passwords.ts'

it('a hash fits its password and no other, and never looks the same twice', async () => {
  const passwords = createPasswords()
  const [one, two] = await Promise.all([passwords.hash('horse 馬'), passwords.hash('horse 馬')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(two).not.toBe(one)
  expect(await passwords.verify('horse 馬', one)).toBe(true)
  expect(await passwords.verify('horse', one)).toBe(false)
})

it('nobody’s password is checked at the same cost, and is never right', async () => {
  const passwords = createPasswords()
  expect(await passwords.verify('', null)).toBe(false)
  expect(await passwords.verify('anything', null)).toBe(false)
})

it.each([
  ['password', true],
  ['PassWord123', true],
  ['iloveyou1', true],
  ['correct horse', false],
  ['五月的阳光灿烂', false],
])('%s is common: %s', async (password, common) => {
  expect(await createPasswords().isCommon(password)).toBe(common)
})
