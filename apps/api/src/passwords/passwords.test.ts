import { readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { expect, it } from 'vitest'
import { createPasswords } from './passwords.ts'

it('a hash matches its password and no other, and has a new salt each time', async () => {
  const passwords = createPasswords()
  const [one, two] = await Promise.all([passwords.hash('horse 馬'), passwords.hash('horse 馬')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(two).not.toBe(one)
  expect(await passwords.verify('horse 馬', one)).toBe(true)
  expect(await passwords.verify('horse', one)).toBe(false)
})

it('a password without an account is checked at the same cost, and is never right', async () => {
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

it('refuses calls at once when the queue is full, and accepts calls again later', async () => {
  const passwords = createPasswords()
  await passwords.hash('the threads are there')
  // A text that is not a hash is refused at once, so that 300 of them cost nothing.
  const checks = Array.from({ length: 300 }, () => passwords.verify('x', 'no hash'))
  const ends = await Promise.allSettled(checks)
  const reasons = ends.map((end) => end.status === 'rejected' && end.reason.reason)
  const refused = reasons.filter((reason) => reason === 'overloaded').length
  expect(reasons.slice(0, 256)).not.toContain('overloaded')
  expect(refused).toBeGreaterThan(0)
  expect(reasons.slice(-refused).every((reason) => reason === 'overloaded')).toBe(true)
  expect(await passwords.hash('horse')).toMatch(/^\$argon2id/)
})

it.runIf(process.platform === 'linux')(
  'hashes on threads of lower priority than the event loop (read on Linux)',
  async () => {
    await createPasswords().hash('horse')
    const tasks = readdirSync('/proc/self/task')
    // The 19th field; the second, a name, is the only one that may hold spaces (proc(5)).
    const niceOf = (task: string) =>
      Number(readFileSync(`/proc/self/task/${task}/stat`, 'utf8').split(') ')[1]?.split(' ')[16])
    const own = niceOf(String(process.pid))
    expect(
      tasks.map(niceOf).filter((nice) => nice === Math.min(19, own + 10)).length,
    ).toBeGreaterThan(0)
  },
)
