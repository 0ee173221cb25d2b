import { expect, test } from 'vitest'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { toLocalTime } from '../local-time.ts'
import { type AuditSource, exportAudit } from './export-audit.ts'

type AuditEntry = AdminOutput['audit']['list']['items'][number]

const line = (id: number, change: Partial<AuditEntry> = {}): AuditEntry => ({
  id,
  at: new Date(Date.UTC(2026, 10, 22, 12) - id * 60_000).toISOString(),
  action: 'sign_in',
  outcome: 'ok',
  userId: 'u1',
  operatorId: null,
  appId: 'wx1',
  address: '203.0.113.7',
  device: null,
  ...change,
})

/** Gives out the lines as the service does, by cursor. */
function sourceOf(lines: readonly AuditEntry[]): AuditSource & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    count: async ({ to }) => {
      asked.push(`count until ${to}`)
      return { count: lines.length }
    },
    list: async ({ cursor = '0', limit = 50, to }) => {
      asked.push(`list ${cursor} until ${to}`)
      const from = Number(cursor)
      const next = from + limit < lines.length ? String(from + limit) : null
      return { items: lines.slice(from, from + limit), next }
    },
  }
}

const parts = {
  filter: { to: '2026-11-22T10:00:00.000Z' },
  words: { action: () => '微信登录', outcome: () => '成功' },
  header: ['编号', '时间'],
  signal: new AbortController().signal,
  onProgress: () => undefined,
}

/** As a spreadsheet reads it, the byte order mark included. */
const textOf = async (file: Blob) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.arrayBuffer())

test('the file begins with a byte order mark, and has a line for each line of the log', async () => {
  const made = await exportAudit({ ...parts, source: sourceOf([line(1)]) })
  expect(await textOf(made.file)).toBe(
    '\uFEFF编号,时间\r\n1,2026-11-22T11:59:00.000Z,sign_in,微信登录,ok,成功,u1,,wx1,203.0.113.7,\r\n',
  )
})

test('what a spreadsheet would run as a formula is made harmless', async () => {
  const devices = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', 'a "b", c']
  const lines = devices.map((device, id) => line(id, { device }))
  const text = await textOf((await exportAudit({ ...parts, source: sourceOf(lines) })).file)
  const fields = text
    .split('\r\n')
    .slice(1, -1)
    .map((row) => row.slice(row.indexOf('203.0.113.7,') + '203.0.113.7,'.length))
  expect(fields).toEqual([
    '"\'=HYPERLINK(""http://x"")"',
    '"\'+1"',
    '"\'-1"',
    '"\'@SUM(A1)"',
    '"\'\t=1"',
    '"\'\r=1"',
    '"a ""b"", c"',
  ])
})

test('lines are counted first, then read in pages of 500, and the progress is told', async () => {
  const source = sourceOf(Array.from({ length: 1_201 }, (_, id) => line(id)))
  const told: [number, number][] = []
  const onProgress = (done: number, total: number) => told.push([done, total])
  const { count } = await exportAudit({ ...parts, source, onProgress })
  expect(count).toBe(1_201)
  const until = 'until 2026-11-22T10:00:00.000Z'
  expect(source.asked).toEqual([
    `count ${until}`,
    `list 0 ${until}`,
    `list 500 ${until}`,
    `list 1000 ${until}`,
  ])
  expect(told).toEqual([
    [0, 1_201],
    [500, 1_201],
    [1_000, 1_201],
    [1_201, 1_201],
  ])
})

test('the name says the range: what was asked for, or the oldest line until now', async () => {
  const asked = { from: '2026-11-01T12:00:00.000Z', to: '2026-11-08T12:00:00.000Z' }
  const source = sourceOf([line(1), line(2_880)])
  const { name } = await exportAudit({ ...parts, source, filter: asked })
  expect(name).toBe('audit-20261101-20261108.csv')
  const today = toLocalTime(new Date().toISOString()).slice(0, 10).replaceAll('-', '')
  const open = await exportAudit({ ...parts, source, filter: {} })
  expect(open.name).toBe(`audit-20261120-${today}.csv`)
})

test('no page is read after it was cancelled', async () => {
  const stopper = new AbortController()
  const source = sourceOf(Array.from({ length: 2_000 }, (_, id) => line(id)))
  const onProgress = (done: number) => done > 0 && stopper.abort()
  const run = exportAudit({ ...parts, source, signal: stopper.signal, onProgress })
  await expect(run).rejects.toThrow()
  expect(source.asked.filter((call) => call.startsWith('list'))).toHaveLength(2)
})
