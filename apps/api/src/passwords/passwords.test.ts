import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { expect, it, onTestFinished, vi } from 'vitest'
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

it('a hash that an import brought is verified, and is not of the own kind', async () => {
  const passwords = createPasswords()
  const md5 = 'md5$$5f4dcc3b5aa765d61d8327deb882cf99'
  expect(await passwords.verify('password', md5)).toBe(true)
  expect(await passwords.verify('Password', md5)).toBe(false)
  expect(passwords.isRenewable(md5, 'horse')).toBe(true)
  const otherCost = '$argon2id$v=19$m=19456,t=3,p=1$salt$hash'
  expect(passwords.isRenewable(otherCost, 'horse')).toBe(true)
  expect(passwords.isRenewable(await passwords.hash('horse'), 'horse')).toBe(false)
})

it('bcrypt is replaced where it has compared the whole password', async () => {
  const passwords = createPasswords()
  const bcrypt = '$2b$04$abcdefghijklmnopqrstuu0ZF7TpjzaoJcKRfYmZ/GOp6ETTFyTZ6'
  expect(passwords.isRenewable(bcrypt, '马'.repeat(24))).toBe(true)
  expect(passwords.isRenewable(bcrypt, `${'马'.repeat(24)}!`)).toBe(false)
})

it('a text that is no hash matches nothing, and is no error', async () => {
  const passwords = createPasswords()
  for (const text of ['no hash', '', '$argon2id$v=19$m=19456,t=2,p=1$broken', '$2b$99$'])
    expect(await passwords.verify(text, text)).toBe(false)
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

it('lets sixteen calls of one caller wait, each for ten seconds', async () => {
  const passwords = createPasswords()
  await passwords.hash('the threads are there')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const by = { kind: 'administrator', id: 'flooder', network: 'home' } as const
  const running = passwords.verify('x', null, by)
  let refused = 0
  const calls = Array.from({ length: 17 }, () =>
    passwords.verify('x', null, by).catch(() => {
      refused += 1
    }),
  )
  const refusedAfter = async (ms: number): Promise<number> => {
    vi.advanceTimersByTime(ms)
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    return refused
  }
  expect(await refusedAfter(9_999)).toBe(1)
  expect(await refusedAfter(1)).toBe(17)
  await Promise.all([running, ...calls])
})

it('starts calls in their order: none is overtaken by more than those that run beside it', async () => {
  const passwords = createPasswords()
  let given = 0
  let ended = 0
  const overtaken: number[] = []
  const call = async (): Promise<void> => {
    while (given < 120) {
      const place = given++
      await passwords.verify('x', null, { kind: 'user', id: `caller ${place}`, network: 'home' })
      overtaken.push(ended++ - place)
    }
  }
  await Promise.all(Array.from({ length: 8 }, call))
  expect(Math.max(...overtaken)).toBeLessThan(8)
})

it('lets an administrator wait behind no user', async () => {
  const passwords = createPasswords()
  let ended = 0
  const users = Array.from({ length: 30 }, async (_, index) => {
    await passwords.verify('x', null, { kind: 'user', id: `caller ${index}`, network: 'home' })
    ended += 1
  })
  await passwords.verify('x', null, { kind: 'administrator', id: 'root', network: 'home' })
  expect(ended).toBeLessThan(15)
  await Promise.all(users)
})

it.runIf(process.platform === 'linux')(
  'hashes on threads of lower priority than the event loop, one for each kind of administrator and the others for users (read on Linux)',
  async () => {
    const passwords = createPasswords()
    const kinds = ['user', 'user', 'user', 'administrator', 'known administrator'] as const
    await Promise.all(
      kinds.map((kind, id) =>
        passwords.verify('x', null, { kind, id: `caller ${id}`, network: 'home' }),
      ),
    )
    const tasks = readdirSync('/proc/self/task')
    // The 19th field; the second, a name, is the only one that may hold spaces (proc(5)).
    const niceOf = (task: string) =>
      Number(readFileSync(`/proc/self/task/${task}/stat`, 'utf8').split(') ')[1]?.split(' ')[16])
    const own = niceOf(String(process.pid))
    const forUsers = Math.max(1, Math.min(3, availableParallelism() - 1))
    expect(tasks.map(niceOf).filter((nice) => nice === Math.min(19, own + 10))).toHaveLength(
      forUsers + 2,
    )
  },
)
