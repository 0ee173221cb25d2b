import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const fromRoot = (path: string) => new URL(`../../../${path}`, import.meta.url)
const { toChinese }: { toChinese: (markdown: string) => string } = await import(
  fromRoot('bench/src/report/chinese.mjs').href
)

/** The generated part of a page. */
function reportOf(page: string): string {
  const text = readFileSync(fromRoot(page), 'utf8')
  return /<!-- bench:begin -->(.*)<!-- bench:end -->/s.exec(text)?.[1] ?? ''
}

/** Widths of columns depend on the language. */
const linesWithoutWidths = (report: string): string[] =>
  report.split('\n').map((line) => line.replaceAll(/ +/g, ' ').replaceAll(/-{2,}/g, '-'))

it('the Chinese page of the benchmarks has the report of the English one', () => {
  const expected = linesWithoutWidths(toChinese(reportOf('docs/benchmarks.md')))
  expect(expected.length).toBeGreaterThan(50)
  expect(linesWithoutWidths(reportOf('docs/benchmarks.zh-CN.md'))).toEqual(expected)
})

it.each([
  '### PostgreSQL',
  '### PostgreSQL: `me`',
  '### PostgreSQL: `miniLogin`',
  'Not measured: PostgreSQL is not installed.',
  '| connections | server | calls/s | node µs | PostgreSQL µs | p50 ms | p99 ms | mianmi: node µs relative to it | calls/s relative to it |',
  '| 8 | bare route, pool of 10 | 1,000 | – | 12.3 | 0.1 | 0.2 | 1.2 × (1–1.3) | 1 × (1–1) |',
  '| 8 | bare route, grouped | 1,000¹ |  |',
  '| 8 | a statement each, pool of 10 | 1,000 |',
  '¹ The load used more than 90 % of its core, so this server can do more than is shown.',
  'The load of other programs is unknown.',
  'A CPU, 2 cores, 24 GiB, Linux x64, Node 24.1.0; nothing pinned to a core, so the load and the server compete for CPU time; 1 round of 0.5 s (in the scaling sections two thirds as many, half as long), 64 connections unless stated otherwise; 1.0 minutes in total. Values are medians; the brackets contain the middle half.',
])('a report with “%s” is translated as a whole', (line) => {
  const names = /Linux x64|Node|PostgreSQL|GiB|CPU|node|mianmi|p50|p99|`\w+`|\bA\b/g
  expect(toChinese(line).replaceAll(names, '')).not.toMatch(/[A-Za-z]/)
})

it('a text without a translation is named', () => {
  expect(() => toChinese('### A new section')).toThrow('A new section')
})
