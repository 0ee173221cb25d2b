import { expect, test } from 'vitest'
import type { AdminOutput } from '../../../../service/trpc-client.ts'
import { exportPeople } from './export-people.ts'

type Person = AdminOutput['people']['export']['items'][number]

const person = (index: number, change: Partial<Person> = {}): Person => ({
  id: `u${index}`,
  account: null,
  phone: '139****6789',
  nickname: '小雨',
  avatarUrl: null,
  role: 'user',
  createdAt: '2026-11-22T10:00:00.000Z',
  disabledAt: null,
  externalId: null,
  lastSeenAt: null,
  appIds: ['wx1', 'wx2'],
  ...change,
})

function run(people: readonly Person[], signal = new AbortController().signal) {
  const queries: unknown[] = []
  const progress: number[] = []
  const exported = exportPeople({
    filter: { status: 'disabled' },
    header: ['ID', '账号'],
    appName: (appId) => ({ wx1: '商城' })[appId] ?? appId,
    signal,
    onProgress: (done) => progress.push(done),
    read: async (query) => {
      queries.push(query)
      const from = Number(query?.cursor ?? 0)
      const next = from + 500 < people.length ? String(from + 500) : null
      return { items: people.slice(from, from + 500), next }
    },
  })
  return { exported, queries, progress }
}

const textOf = async (file: Blob) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.arrayBuffer())

test('the file starts with a byte order mark and has one row per person, apps by name', async () => {
  const { file, count } = await run([person(1)]).exported
  expect(count).toBe(1)
  expect(await textOf(file)).toBe(
    '\uFEFFID,账号\r\nu1,,小雨,139****6789,,user,商城 / wx2,2026-11-22T10:00:00.000Z,,\r\n',
  )
})

test('a nickname that a spreadsheet would run as a formula is prefixed with an apostrophe', async () => {
  const { file } = await run([person(1, { nickname: '=HYPERLINK("http://x")', account: '+1' })])
    .exported
  expect(await textOf(file)).toContain('u1,"\'+1","\'=HYPERLINK(""http://x"")"')
})

test('people are read in pages of 500, with progress after each page', async () => {
  const { exported, queries, progress } = run(Array.from({ length: 1_001 }, (_, at) => person(at)))
  expect((await exported).count).toBe(1_001)
  const status = 'disabled'
  expect(queries).toEqual([
    { status, cursor: undefined, limit: 500 },
    { status, cursor: '500', limit: 500 },
    { status, cursor: '1000', limit: 500 },
  ])
  expect(progress).toEqual([500, 1_000, 1_001])
})

test('no page is read after the export is cancelled', async () => {
  const controller = new AbortController()
  controller.abort()
  const { exported, queries } = run([person(1)], controller.signal)
  await expect(exported).rejects.toThrow()
  expect(queries).toHaveLength(1)
})
