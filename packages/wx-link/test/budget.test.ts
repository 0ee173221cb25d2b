import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import budget from '../budget.json' with { type: 'json' }
import { bundle } from './fixtures/phone-bundle.ts'

const at = (file: string) => new URL(`../src/${file}`, import.meta.url).pathname

const sources: Record<keyof typeof budget, string> = {
  'wxLink and createWxClient': `
    export { createWxClient, isClientError, linkError, wxLink } from '${at('client.ts')}'`,
  'wxLink, installAbortController and createTRPCClient': `
    export { createTRPCClient } from '@trpc/client'
    export { installAbortController, linkError, wxLink } from '${at('index.ts')}'`,
}

it.each(Object.entries(budget))('%s have at most %o bytes', async (what, limit) => {
  const code = await bundle(sources[what as keyof typeof budget])
  const minified = Buffer.byteLength(code)
  expect(minified).toBeLessThanOrEqual(limit.minified)
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(limit.gzip)
  // A bundle far below its budget lacks something, or the budget is out of date.
  expect(minified).toBeGreaterThan(limit.minified * 0.95)
})
