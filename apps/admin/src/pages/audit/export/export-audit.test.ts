import { expect, test } from 'vitest'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { localDay } from '../local-day.ts'
import { type AuditSource, exportAudit } from './export-audit.ts'

type AuditEntry = AdminOutput['audit']['list']['items'][number]

const entry = (id: number, change: Partial<AuditEntry> = {}): AuditEntry => ({
  id,
  at: new Date(Date.UTC(2026, 10, 22, 12) - id * 60_000).toISOString(),
  action: 'sign_in',
  outcome: 'ok',
  userId: 'u1',
  operatorId: null,
  appId: 'wx1',
  address: '203.0.113.7',
  device: null,
  count: 1,
  userName: null,
  operatorName: null,
  ...change,
})

/** Returns the entries by cursor, like the service. `calls` records the queries. */
function sourceOf(entries: readonly AuditEntry[]): AuditSource & { readonly calls: string[] } {
  const calls: string[] = []
  return {
    calls,
    count: async ({ to }) => {
      calls.push(`count until ${to}`)
      return { count: entries.length }
    },
    list: async ({ cursor = '0', limit = 50, to }) => {
      calls.push(`list ${cursor} until ${to}`)
      const from = Number(cursor)
      const next = from + limit < entries.length ? String(from + limit) : null
      return { items: entries.slice(from, from + limit), next }
    },
  }
}

const options = {
  filter: { to: '2026-11-22T10:00:00.000Z' },
  names: { action: () => '微信登录', outcome: () => '成功' },
  header: ['编号', '时间'],
  signal: new AbortController().signal,
  onProgress: () => undefined,
}

/** The file's text with its byte order mark. */
const textOf = async (file: Blob) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.arrayBuffer())

test('the file starts with a byte order mark and has one row per entry', async () => {
  const exported = await exportAudit({ ...options, source: sourceOf([entry(1)]) })
  expect(await textOf(exported.file)).toBe(
    '\uFEFF编号,时间\r\n1,2026-11-22T11:59:00.000Z,sign_in,微信登录,ok,成功,u1,,wx1,203.0.113.7,,1\r\n',
  )
})

test('a field that a spreadsheet would run as a formula is prefixed with an apostrophe', async () => {
  const devices = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', 'a "b", c']
  const entries = devices.map((device, id) => entry(id, { device }))
  const text = await textOf((await exportAudit({ ...options, source: sourceOf(entries) })).file)
  const fields = text
    .split('\r\n')
    .slice(1, -1)
    .map((row) => row.slice(row.indexOf('203.0.113.7,') + '203.0.113.7,'.length))
  expect(fields).toEqual([
    '"\'=HYPERLINK(""http://x"")",1',
    '"\'+1",1',
    '"\'-1",1',
    '"\'@SUM(A1)",1',
    '"\'\t=1",1',
    '"\'\r=1",1',
    '"a ""b"", c",1',
  ])
})

test('entries are counted, then read in pages of 500, with progress after each page', async () => {
  const source = sourceOf(Array.from({ length: 1_201 }, (_, id) => entry(id)))
  const progress: [number, number][] = []
  const onProgress = (done: number, total: number) => progress.push([done, total])
  const { count } = await exportAudit({ ...options, source, onProgress })
  expect(count).toBe(1_201)
  const until = 'until 2026-11-22T10:00:00.000Z'
  expect(source.calls).toEqual([
    `count ${until}`,
    `list 0 ${until}`,
    `list 500 ${until}`,
    `list 1000 ${until}`,
  ])
  expect(progress).toEqual([
    [0, 1_201],
    [500, 1_201],
    [1_000, 1_201],
    [1_201, 1_201],
  ])
})

test('without an end time the export stops at its start, so that its own queries are left out', async () => {
  const source = sourceOf([entry(1)])
  const before = Date.now()
  await exportAudit({ ...options, source, filter: {} })
  const [until = ''] = source.calls.map((call) => call.split(' until ')[1])
  expect(Date.parse(until)).toBeGreaterThanOrEqual(before)
  expect(source.calls).toEqual([`count until ${until}`, `list 0 until ${until}`])
})

test('the file name holds the range of the filter, or the oldest entry and today', async () => {
  const range = { from: '2026-11-01T12:00:00.000Z', to: '2026-11-08T12:00:00.000Z' }
  const source = sourceOf([entry(1), entry(2_880)])
  const { name } = await exportAudit({ ...options, source, filter: range })
  expect(name).toBe('audit-20261101-20261108.csv')
  const today = localDay(new Date().toISOString()).replaceAll('-', '')
  const open = await exportAudit({ ...options, source, filter: {} })
  expect(open.name).toBe(`audit-20261120-${today}.csv`)
})

test('no page is read after the export is cancelled', async () => {
  const controller = new AbortController()
  const source = sourceOf(Array.from({ length: 2_000 }, (_, id) => entry(id)))
  const onProgress = (done: number) => done > 0 && controller.abort()
  const run = exportAudit({ ...options, source, signal: controller.signal, onProgress })
  await expect(run).rejects.toThrow()
  expect(source.calls.filter((call) => call.startsWith('list'))).toHaveLength(2)
})
