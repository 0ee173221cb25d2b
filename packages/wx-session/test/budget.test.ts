import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import budget from '../budget.json' with { type: 'json' }
import { bundle } from './fixtures/phone-bundle.ts'

const at = (file: string) => new URL(`../src/${file}`, import.meta.url).pathname

const sources: Record<keyof typeof budget, string> = {
  session: `export { createSession, notSignedIn } from '${at('index.ts')}'`,
  'session, `sessionLink`, `wxLink` and `createWxClient`': `
    export { createWxClient, isClientError, linkError, wxLink } from '@mianmi/wx-link/client'
    export { createSession, notSignedIn } from '${at('index.ts')}'
    export { sessionLink } from '${at('trpc.ts')}'`,
  scopes: `export { createScopes } from '${at('scopes.ts')}'`,
  privacy: `export { createPrivacyBroker, privacyFault } from '${at('privacy.ts')}'`,
  actions: `export { actionOfWxError, faultOfWxError } from '${at('actions.ts')}'`,
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
 * (lowered to es2017 it is long), and no object spread (its lowered form brings a helper).
 */
describe.each(Object.entries(budget))('%s', async (what, limit) => {
  const code = await bundle(sources[what as keyof typeof budget])
  const minified = Buffer.byteLength(code)
  const gzip = gzipSync(code, { level: 9 }).length

  it(`has at most ${limit.minified} bytes, ${limit.gzip} gzipped`, () => {
    expect(minified).toBeLessThanOrEqual(limit.minified)
    expect(gzip).toBeLessThanOrEqual(limit.gzip)
    // A bundle far below its budget lacks something, or the budget is out of date.
    expect(minified).toBeGreaterThan(limit.minified * 0.9)
  })

  it.each(['README.md', 'README.zh-CN.md'])('has the size that %s says', (file) => {
    const [saysMinified, saysGzip] = rowOf(file, what).map((cell) => Number(cell) * 1000)
    // gzip differs by some bytes between versions of Node.
    expect(Math.abs(minified - Number(saysMinified))).toBeLessThanOrEqual(100)
    expect(Math.abs(gzip - Number(saysGzip))).toBeLessThanOrEqual(100)
  })
})
