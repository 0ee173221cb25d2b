import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import budget from '../budget.json' with { type: 'json' }
import { bundle } from './fixtures/phone-bundle.ts'

const at = (file: string) => new URL(`../src/${file}`, import.meta.url).pathname

const sources: Record<keyof typeof budget, string> = {
  session: `export { createSession, notSignedIn } from '${at('index.ts')}'`,
  'session, link and client': `
    export { createWxClient, isClientError, linkError, wxLink } from '@mianmi/wx-link/client'
    export { createSession, notSignedIn } from '${at('index.ts')}'
    export { sessionLink } from '${at('trpc.ts')}'`,
  scopes: `export { createScopes } from '${at('scopes.ts')}'`,
  privacy: `export { createPrivacyBroker, privacyFault } from '${at('privacy.ts')}'`,
  actions: `export { actionOfWxError, faultOfWxError } from '${at('actions.ts')}'`,
}

it.each(Object.entries(budget))('%s: at most %o bytes', async (what, limit) => {
  const code = await bundle(sources[what as keyof typeof budget])
  const minified = Buffer.byteLength(code)
  expect(minified).toBeLessThanOrEqual(limit.minified)
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(limit.gzip)
  // A bundle far below its budget lacks something, or the budget is out of date.
  expect(minified).toBeGreaterThan(limit.minified * 0.9)
})
