import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import budget from '../budget.json' with { type: 'json' }
import { bundle } from './fixtures/phone-bundle.ts'

type Source = readonly (readonly [from: string, names: string])[]

const linesOf = (source: Source, keyword: 'import' | 'export'): string =>
  source.map(([from, names]) => `${keyword} { ${names} } from '${from}'`).join('\n')

/** An app that uses the functions: it has no exports, and so none of the code for them. */
const app = (source: Source): string => {
  const names = source.map(([, each]) => each).join()
  return `${linesOf(source, 'import')}\nApp({ onLaunch: () => [${names}] })`
}

const sizeOf = (code: string) => ({
  minified: Buffer.byteLength(code),
  gzip: gzipSync(code, { level: 9 }).length,
})

const at = (file: string) => new URL(`../src/${file}`, import.meta.url).pathname

const sources: Record<keyof typeof budget, Source> = {
  '`wxLink` and `createWxClient`': [
    [at('client.ts'), 'createWxClient, isClientError, linkError, wxLink'],
  ],
  '`wxLink`, `installAbortController` and `createTRPCClient`': [
    ['@trpc/client', 'createTRPCClient'],
    [at('index.ts'), 'installAbortController, linkError, wxLink'],
  ],
}

/** The row of a table in a README: its cells after the first one. */
function rowOf(file: string, name: string): string[] {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
  const rows = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  return rows.find((cells) => cells[1] === name)?.slice(2, -1) ?? []
}

/*
 * How the sources keep the bundles small where a minifier cannot: arrow functions instead of declarations, tuples
 * instead of objects between modules (it keeps the names of properties), `if` instead of `?.` in what is called once
 * (lowered to es2017 it is long), no object spread (its lowered form brings a helper), values written where they are
 * used (it does not move what reads a property), and no `new Set()` or `new Error('text')` (it adds a comment to them).
 */
describe.each(Object.entries(budget))('%s', async (what, limit) => {
  const source = sources[what as keyof typeof budget]
  const { minified, gzip } = sizeOf(await bundle(app(source), {}, 'esm'))

  it(`has at most ${limit.minified} bytes, ${limit.gzip} gzipped`, () => {
    expect(minified).toBeLessThanOrEqual(limit.minified)
    expect(gzip).toBeLessThanOrEqual(limit.gzip)
    // A bundle far below its budget lacks something, or the budget is out of date.
    expect(minified).toBeGreaterThan(limit.minified * 0.95)
  })

  it('has at most 0.3 KB more, 0.1 KB gzipped, as a CommonJS file with exports', async () => {
    const exporting = sizeOf(await bundle(linesOf(source, 'export')))
    expect(exporting.minified - minified).toBeLessThanOrEqual(300)
    expect(exporting.gzip - gzip).toBeLessThanOrEqual(100)
  })

  it.each(['README.md', 'README.zh-CN.md'])('has the size that %s says', (file) => {
    const [saysMinified, saysGzip] = rowOf(file, what).map((cell) => Number(cell) * 1000)
    // gzip differs by some bytes between versions of Node.
    expect(Math.abs(minified - Number(saysMinified))).toBeLessThanOrEqual(100)
    expect(Math.abs(gzip - Number(saysGzip))).toBeLessThanOrEqual(100)
  })
})
