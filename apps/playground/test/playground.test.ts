import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failToStart, type Playground, startPlayground, statusOf } from './process.ts'

let folder = ''
let playground: Playground

const write = (path: string, text: string) => writeFile(join(folder, path), text)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playground-'))
  await mkdir(join(folder, 'page'))
  await write('app.json', '{"pages":["page/index"]}')
  await write('app.js', 'App({})')
  await write('page/index.js', 'Page({})')
  await write('page/index.wxml', '<view>一</view>')
  playground = await startPlayground({
    MINIPROGRAM_DIST: folder,
    DEMO_ACCOUNT: 'demo',
    DEMO_PASSWORD: 'demo-password',
  })
})

afterAll(async () => {
  await playground.stop()
  await rm(folder, { recursive: true })
})

test('the page is served with a policy that forbids other origins', async () => {
  const response = await fetch(playground.url)
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'cache-control': 'no-cache',
    'content-security-policy': [
      "default-src 'self'",
      "script-src 'self' 'unsafe-eval'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self' data:",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  const html = await response.text()
  expect(html).toContain('data-testid="phone"')
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//)
  const script = /src="([^"]+\.js)"/.exec(html)?.[1]
  expect((await fetch(new URL(script ?? '', playground.url))).status).toBe(200)
})

test('/config.json contains the addresses and the demo account', async () => {
  const response = await fetch(`${playground.url}/config.json`)
  expect(await response.json()).toEqual({
    appIds: ['wx6d69616e6d690001', 'wx6d69616e6d690002'],
    appNames: {},
    builtServiceUrl: 'http://127.0.0.1:3000',
    serviceUrl: 'http://127.0.0.1:3000/',
    sandboxUrl: 'http://127.0.0.1:3101/',
    demo: { account: 'demo', password: 'demo-password' },
  })
})

test('a changed mini program is compiled again, and compile errors are reported', async () => {
  const load = async () => {
    const response = await fetch(`${playground.url}/app.json`)
    return { status: response.status, body: await response.json() }
  }
  expect(await load()).toMatchObject({ status: 200, body: { pages: ['page/index'] } })
  await write('page/index.wxml', '<view>一')
  const broken = await load()
  expect(broken.status).toBe(500)
  expect(broken.body.error.message).toContain('page/index.wxml:1')
  await write('page/index.wxml', '<view>mended</view>')
  const mended = await load()
  expect(mended.status).toBe(200)
  expect(mended.body.templates).toContain('mended')
})

test('requests of other pages and host names are refused', async () => {
  const { host, port } = new URL(playground.url)
  const config = `${playground.url}/config.json`
  expect(await statusOf(config, { host })).toBe(200)
  expect(await statusOf(config, { host: `localhost:${port}` })).toBe(200)
  expect(await statusOf(config, { host, origin: `http://${host}` })).toBe(200)
  expect(await statusOf(config, { host, 'sec-fetch-site': 'same-origin' })).toBe(200)
  for (const headers of [
    { host: `evil.example:${port}` },
    { host: '127.0.0.1.evil.example' },
    { host, origin: 'http://evil.example' },
    { host, origin: 'null' },
    { host, origin: `http://localhost:${port}` },
    { host, 'sec-fetch-site': 'cross-site' },
    { host, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' },
  ]) {
    expect([headers, await statusOf(config, headers)]).toEqual([headers, 403])
    expect(await statusOf(`${playground.url}/service/healthz`, headers)).toBe(403)
  }
})

test('a link on another site may open the page itself', async () => {
  const { host } = new URL(playground.url)
  const headers = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  expect(await statusOf(`${playground.url}/`, headers)).toBe(200)
})

test.each([
  ['SERVICE_URL', 'nonsense'],
  ['PLAYGROUND_PORT', '31o0'],
  ['PLAYGROUND_PORT', '65536'],
])('a bad %s stops the start with one line and exit code 1', async (name, value) => {
  const { code, stdout, stderr } = await failToStart({ [name]: value })
  expect([stdout, code]).toEqual(['', 1])
  expect(stderr).toMatch(new RegExp(`^playground: ${name}: [^\\n]+\\n$`))
})

test('a port in use stops the start with one line and exit code 1', async () => {
  const { port } = new URL(playground.url)
  expect(await failToStart({ PLAYGROUND_PORT: port })).toEqual({
    code: 1,
    stdout: '',
    stderr: `playground: PLAYGROUND_PORT: port ${port} is already in use; set PLAYGROUND_PORT to a free port\n`,
  })
})

test.each(['SIGTERM', 'SIGINT'] as const)('the process exits with 0 on %s', async (signal) => {
  const other = await startPlayground({ MINIPROGRAM_DIST: folder })
  expect(await other.stop(signal)).toBe(0)
})

test.each(['/app.json', '/config.json'])('%s is not cached', async (path) => {
  const { headers } = await fetch(playground.url + path)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})
