import { createMemoryStore } from '@mianmi/core/testing'
import { expect, it, vi } from 'vitest'
import { exportLines } from './export-users.ts'
import { createHashBudget } from './hash-budget.ts'
import { type ImportTotals, importUsers, type LineReport } from './import-users.ts'
import type { FileLine } from './read-lines.ts'

const hash = '$2b$10$abcdefghijklmnopqrstuu0ZF7TpjzaoJcKRfYmZ/GOp6ETTFyTZ6'

function open() {
  const { transfer } = createMemoryStore()
  let ids = 0
  const run = async (lines: readonly (object | string)[], isRehearsal = false) => {
    const reports: LineReport[] = []
    const progress: ImportTotals[] = []
    async function* read(): AsyncGenerator<FileLine> {
      for (const [index, line] of lines.entries())
        yield { number: index + 1, text: typeof line === 'string' ? line : JSON.stringify(line) }
    }
    const totals = await importUsers(
      read(),
      { isRehearsal },
      {
        store: transfer,
        hashes: createHashBudget({ kinds: new Set(), works: {} }),
        newId: () => `new-${++ids}`,
        now: () => 1_800_000_000_000,
        rules: { appIds: ['wx1'], phoneTrust: 0 },
        report: (line) => reports.push(line),
        onProgress: (each) => progress.push(each),
      },
    )
    return { totals, reports, progress }
  }
  const exported = async () => {
    const lines: string[] = []
    for await (const line of exportLines(transfer, { withPhone: true })) lines.push(line)
    return lines
  }
  return { transfer, run, exported }
}

const none = {
  ...{ unchanged: 0, different: 0, taken: 0, invalid: 0, repeated: 0 },
  ...{ sharedUnionid: 0, withoutSignIn: 0 },
}

it('creates the users of a file, and changes nothing when it runs again', async () => {
  const { run, exported } = open()
  const lines = [
    { externalId: '1', account: 'ming', passwordHash: hash },
    { externalId: '2', identities: [{ appId: 'wx1', openid: 'o2' }] },
  ]
  const first = await run(lines)
  expect(first.totals).toEqual({ ...none, lines: 2, created: 2, checkMs: 75 })
  expect(first.reports).toEqual([])
  const after = await exported()
  expect(after).toHaveLength(2)
  const second = await run(lines)
  expect(second.totals).toEqual({ ...none, lines: 2, created: 0, unchanged: 2, checkMs: 75 })
  expect(await exported()).toEqual(after)
})

it('reports what it leaves out, in the order of the file, and imports the rest', async () => {
  const { run, exported } = open()
  await run([{ id: 'old', account: 'ming', nickname: '小明', passwordHash: hash }])
  const { totals, reports } = await run([
    '{',
    { id: 'one', account: 'MING' },
    { id: 'two', externalId: '2', identities: [{ appId: 'wx1', openid: 'o2' }] },
    { id: 'three', externalId: '2' },
    { account: 'ming', nickname: '小红', passwordHash: hash },
    { id: 'four', identities: [{ appId: 'wx1', openid: 'o2' }] },
    { account: 'hong', passwordHash: hash },
  ])
  expect(reports).toEqual([
    { line: 1, status: 'invalid', problem: 'not JSON' },
    { line: 2, status: 'taken', userId: 'old', field: 'account' },
    { line: 4, status: 'repeated', field: 'externalId', earlierLine: 3 },
    { line: 5, status: 'repeated', field: 'account', earlierLine: 2 },
    { line: 6, status: 'repeated', field: 'identity', earlierLine: 3 },
  ])
  // The line that was taken has no password of its own.
  expect(totals).toEqual({
    ...none,
    lines: 7,
    created: 2,
    taken: 1,
    invalid: 1,
    repeated: 3,
    withoutSignIn: 1,
    checkMs: 75,
  })
  expect(await exported()).toHaveLength(3)
})

it('reports lines without a user while it reads, and keeps no more than a thousand of them', async () => {
  const { run } = open()
  const { progress, reports } = await run(Array.from({ length: 2_500 }, () => '{'))
  expect(progress.map(({ invalid }) => invalid)).toEqual([1_000, 2_000, 2_500])
  expect(reports.map(({ line }) => line)).toEqual(Array.from(reports, (_, index) => index + 1))
})

it('names the fields in which a user who is there differs', async () => {
  const { run } = open()
  await run([{ id: 'old', account: 'ming', nickname: '小明' }])
  const { reports } = await run([{ account: 'ming', nickname: '小红' }])
  expect(reports).toEqual([{ line: 1, status: 'different', userId: 'old', fields: ['nickname'] }])
})

it('names and counts two users of one WeChat, and imports both', async () => {
  const { run, exported } = open()
  const identity = (appId: string, unionid: string) => ({ appId, openid: `o-${unionid}`, unionid })
  const lines = [
    { id: 'a', identities: [identity('wx1', 'u1'), identity('wx2', 'u1')] },
    { id: 'b', identities: [identity('wx3', 'u1')] },
    { id: 'c', identities: [identity('wx1', 'u2')] },
    { id: 'd', identities: [identity('wx4', 'u1'), identity('wx2', 'u2')] },
  ]
  const rehearsed = await run(lines, true)
  const { totals, reports } = await run(lines)
  expect(reports).toEqual([
    { line: 2, status: 'sharedUnionid', earlierLine: 1 },
    { line: 4, status: 'sharedUnionid', earlierLine: 1 },
  ])
  expect(totals).toMatchObject({ lines: 4, created: 4, sharedUnionid: 2 })
  expect(rehearsed.reports).toEqual(reports)
  expect(rehearsed.totals).toEqual(totals)
  expect(await exported()).toHaveLength(4)
})

it('leaves out a line with a time that is more than a day ahead', async () => {
  const { totals, reports } = await open().run([
    { account: 'ming', createdAt: new Date(1_800_000_000_000 + 24 * 3_600_001).toISOString() },
  ])
  expect(totals).toMatchObject({ created: 0, invalid: 1 })
  expect(reports).toEqual([{ line: 1, status: 'invalid', problem: 'createdAt: in the future' }])
})

it('a rehearsal reports the same and writes nothing', async () => {
  const { transfer, run, exported } = open()
  const write = vi.spyOn(transfer, 'importUsers')
  const lines = [{ account: 'ming' }, { account: 'Ming' }, '[]', { phone: '13912345678' }]
  const rehearsed = await run(lines, true)
  expect(write).not.toHaveBeenCalled()
  expect(await exported()).toEqual([])
  const imported = await run(lines)
  expect(imported.reports).toEqual(rehearsed.reports)
  expect(imported.totals).toEqual(rehearsed.totals)
  expect(rehearsed.totals).toMatchObject({ created: 2, repeated: 1, invalid: 1, withoutSignIn: 2 })
})

it('writes two hundred users at a time', async () => {
  const { transfer, run } = open()
  const write = vi.spyOn(transfer, 'importUsers')
  const lines = Array.from({ length: 450 }, (_, index) => ({ externalId: String(index) }))
  const { totals, progress } = await run(lines)
  expect(write.mock.calls.map(([drafts]) => drafts.length)).toEqual([200, 200, 50])
  expect(progress.map(({ created }) => created)).toEqual([200, 400, 450])
  expect(totals.created).toBe(450)
})

it('an empty file has no users', async () => {
  const { totals } = await open().run([])
  expect(totals).toEqual({ ...none, lines: 0, created: 0, checkMs: 0 })
})

it('an export of an import has the same bytes', async () => {
  const one = open()
  await one.run([
    {
      externalId: '1',
      account: 'Ming',
      passwordHash: hash,
      phone: '13912345678',
      createdAt: '2020-01-01T00:00:00Z',
    },
    {
      id: 'b',
      identities: [
        { appId: 'wx2', openid: 'o', unionid: 'u' },
        { appId: 'wx1', openid: 'o' },
      ],
      nickname: '小明',
      disabledAt: '2021-01-01T00:00:00Z',
      phone: '+85261234567',
      phoneProvenAt: '2026-01-01T00:00:00.001Z',
    },
  ])
  const exported = await one.exported()
  const two = open()
  await two.run(exported)
  expect(await two.exported()).toEqual(exported)
  expect(exported.join('')).toContain('"phone":"13912345678"')
})

it('leaves out hashes that would make every check of a password too slow', async () => {
  const { run, exported } = open()
  const bcrypt = (cost: number) => `$2b$${cost}$${'.'.repeat(53)}`
  const { reports, totals } = await run([
    { account: 'one', passwordHash: bcrypt(14) },
    {
      account: 'two',
      passwordHash: 'pbkdf2_sha512$2000000$s$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8',
    },
    { account: 'three', passwordHash: bcrypt(14) },
  ])
  expect(reports).toEqual([
    {
      line: 2,
      status: 'invalid',
      problem: 'passwordHash: every check of a password would take 3200 ms',
    },
  ])
  expect(totals).toMatchObject({ created: 2, invalid: 1, checkMs: 1200 })
  expect(await exported()).toHaveLength(2)
})

it('takes three hundred kinds of hashes, whose cost is that of the dearest', async () => {
  const { run } = open()
  const pbkdf2 = (iterations: number) =>
    `pbkdf2_sha256$${iterations}$s$UiE93DKHCf/y/Em2cF0a9UkfQi20x4rRk3iaJ1fx8E8`
  const lines = Array.from({ length: 301 }, (_, index) => ({
    account: `name${index}`,
    passwordHash: pbkdf2(300_000 - index),
  }))
  const { totals, reports } = await run(lines)
  expect(totals).toMatchObject({ created: 300, invalid: 1, checkMs: 120 })
  expect(reports).toEqual([
    { line: 301, status: 'invalid', problem: 'passwordHash: more than 300 kinds of hashes' },
  ])
})
