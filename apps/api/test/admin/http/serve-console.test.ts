import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import fastify from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { serveConsole } from '../../../src/admin/console/serve-console.ts'
import { startService } from '../../harness.ts'

const built = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../console/${path}`, import.meta.url)), 'utf8')
const script = 'assets/index-1a2b3c4d.js'

/** Requests a path exactly as it is written; fetch would normalize it. */
async function requestRaw(base: string, path: string) {
  const { hostname, port } = new URL(base)
  const sent = request({ hostname, port, path }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode, body: await text(response) }
}

it('serves the page at its address, and redirects to it', async () => {
  const url = (await startService()).url()
  const moved = await fetch(`${url}/admin`, { redirect: 'manual' })
  expect([moved.status, moved.headers.get('location')]).toEqual([308, '/admin/'])
  const page = await fetch(`${url}/admin/`)
  expect(await page.text()).toBe(built('index.html'))
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
})

it('answers every address of the console with its page, and a script that is gone with 404', async () => {
  const url = (await startService()).url()
  const deep = await fetch(`${url}/admin/people/0123?tab=sessions`)
  expect(await deep.text()).toBe(built('index.html'))
  expect((await fetch(`${url}/admin/assets/index-00000000.js`)).status).toBe(404)
})

it('lets browsers cache files with a hash in their name, and revalidate the page', async () => {
  const url = (await startService()).url()
  const kept = await fetch(`${url}/admin/${script}`)
  expect(kept.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(kept.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  const page = await fetch(`${url}/admin/`)
  expect(page.headers.get('cache-control')).toBe('no-cache')
  const etag = page.headers.get('etag') ?? ''
  const again = await fetch(`${url}/admin/`, { headers: { 'if-none-match': etag } })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

it('compresses for clients that accept gzip, and not for others', async () => {
  const url = (await startService()).url()
  const packed = await fetch(`${url}/admin/${script}`)
  const plain = await fetch(`${url}/admin/${script}`, {
    headers: { 'accept-encoding': 'identity' },
  })
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  expect(plain.headers.get('content-encoding')).toBeNull()
  const sizes = [packed, plain].map(({ headers }) => Number(headers.get('content-length')))
  expect(sizes[0]).toBeLessThan((sizes[1] ?? 0) / 2)
  expect(await packed.text()).toBe(await plain.text())
  expect(packed.headers.get('vary')).toBe('accept-encoding')
})

it('allows resources of the same origin only, and no framing', async () => {
  const { headers } = await fetch(`${(await startService()).url()}/admin/`)
  const policy = headers.get('content-security-policy')
  expect(policy).toContain("default-src 'self'; script-src 'self';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe/)
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  })
})

it.each([
  ['https://id.example', 'https://id.example'],
  ['https://id.example:8443/path/', 'https://id.example:8443'],
])('shows pictures of the service only, also at the address %s', async (issuer, origin) => {
  const url = (await startService({ ISSUER: issuer })).url()
  for (const path of ['/admin/', '/admin/people', `/admin/${script}`]) {
    const policy = (await fetch(`${url}${path}`)).headers.get('content-security-policy') ?? ''
    expect(policy.split('; ')).toContain(`img-src 'self' ${origin}`)
    expect(policy).not.toMatch(/data:|https:(?!\/\/id)/)
  }
})

it.each([
  '/admin/../package.json',
  '/admin/..%2f..%2fpackage.json',
  '/admin/%2e%2e/%2e%2e/package.json',
  '/admin/assets/../../harness.ts',
  '/admin/assets/..%2f..%2fharness.ts',
  '/admin/assets//etc/passwd',
  '/admin/assets/%00',
])('%s gives the page or a 404', async (path) => {
  const url = (await startService()).url()
  const { status, body } = await requestRaw(url, path)
  expect([
    [200, built('index.html')],
    [404, expect.stringContaining('"reason":"not_found"')],
  ]).toContainEqual([status, body])
})

it('files for the build tools, and files of an unknown kind, are not served', async () => {
  const { folder, app } = openFolder()
  mkdirSync(join(folder, '.vite'))
  for (const [name, text] of [
    ['index.html', 'the page'],
    ['favicon.svg', 'the icon'],
    ['.vite/manifest.json', 'secret'],
    ['.env.json', 'secret'],
    ['notes.md', 'secret'],
  ] as const)
    writeFileSync(join(folder, name), text)
  serveConsole(app, folder)
  const bodyOf = async (path: string) => (await app.inject(`/admin/${path}`)).body
  expect(await bodyOf('favicon.svg')).toBe('the icon')
  for (const path of ['.vite/manifest.json', '.env.json', 'notes.md'])
    expect(await bodyOf(path), path).toBe('the page')
})

it('a service without a built console says so', async () => {
  const { folder, app } = openFolder()
  serveConsole(app, join(folder, 'missing'))
  const reply = await app.inject('/admin/')
  expect([reply.statusCode, reply.body]).toEqual([404, 'The console is not built.\n'])
})

/** An app, and an empty folder to serve. */
function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-console-'))
  const app = fastify()
  onTestFinished(async () => {
    await app.close()
    rmSync(folder, { recursive: true })
  })
  return { folder, app }
}
