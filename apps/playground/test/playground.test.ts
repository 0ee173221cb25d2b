import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, failToStart, type Playground, startPlayground } from './process.ts'

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

test('it serves the page, which may load nothing from elsewhere', async () => {
  const response = await fetch(playground.url)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
  const html = await response.text()
  expect(html).toContain('data-testid="phone"')
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//)
  const script = /src="([^"]+\.js)"/.exec(html)?.[1]
  expect((await fetch(new URL(script ?? '', playground.url))).status).toBe(200)
})

test('the page learns the addresses and the demo account', async () => {
  const response = await fetch(`${playground.url}/config.json`)
  expect(await response.json()).toEqual({
    appIds: ['wx6d69616e6d690001', 'wx6d69616e6d690002'],
    builtServiceUrl: 'http://127.0.0.1:3000',
    serviceUrl: 'http://127.0.0.1:3000/',
    sandboxUrl: 'http://127.0.0.1:3101/',
    demo: { account: 'demo', password: 'demo-password' },
  })
})

test('a mini program that changes is compiled again, and its faults are named', async () => {
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

test('only our own page is served, so no web site can use the proxy or read the password', async () => {
  const { host, port } = new URL(playground.url)
  const config = `${playground.url}/config.json`
  expect(await ask(config, { host })).toBe(200)
  expect(await ask(config, { host: `localhost:${port}` })).toBe(200)
  expect(await ask(config, { host, origin: `http://${host}` })).toBe(200)
  expect(await ask(config, { host, 'sec-fetch-site': 'same-origin' })).toBe(200)
  for (const headers of [
    { host: `evil.example:${port}` },
    { host: '127.0.0.1.evil.example' },
    { host, origin: 'http://evil.example' },
    { host, origin: 'null' },
    { host, origin: `http://localhost:${port}` },
    { host, 'sec-fetch-site': 'cross-site' },
    { host, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' },
  ]) {
    expect([headers, await ask(config, headers)]).toEqual([headers, 403])
    expect(await ask(`${playground.url}/service/healthz`, headers)).toBe(403)
  }
})

test('a link on another site may open the page', async () => {
  const { host } = new URL(playground.url)
  const headers = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  expect(await ask(`${playground.url}/`, headers)).toBe(200)
})

test('a bad variable stops the start with one line that names it', async () => {
  const { code, stderr } = await failToStart({ SERVICE_URL: 'nonsense' })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^playground: SERVICE_URL: .*\n$/)
})

test('it ends in order when it is told to', async () => {
  const other = await startPlayground({ MINIPROGRAM_DIST: folder })
  expect(await other.stop()).toBe(0)
})
