import { expect, it } from 'vitest'
import { startService } from '../harness.ts'

const hrefs = (html: string) => [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href)

it('/ leads to the console, the documentation and the probes, in the language of the browser', async () => {
  const service = await startService()
  const url = service.url()
  const open = (language: string) => fetch(`${url}/`, { headers: { 'accept-language': language } })
  const english = await open('')
  expect(english.status).toBe(200)
  expect(english.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(english.headers.get('vary')).toContain('Accept-Language')
  for (const language of ['zh-CN,zh;q=0.9,en;q=0.8', 'fr, zh-TW'])
    expect(await (await open(language)).text()).toContain('<html lang="zh-CN">')
  for (const language of ['', 'en-US,en;q=0.9,zh-CN;q=0.8', 'de', '*', 'zhx'])
    expect(await (await open(language)).text()).toContain('<html lang="en">')
})

it('every link of / has a page', async () => {
  const service = await startService()
  const url = service.url()
  const links = hrefs(await (await fetch(`${url}/`)).text())
  expect(links).toContain('./admin/')
  for (const href of links.filter((link) => link !== './admin/'))
    expect((await fetch(new URL(href, `${url}/`))).status, href).toBe(200)
})

it('/ runs no script, and takes no other method', async () => {
  const service = await startService()
  const url = service.url()
  const { headers } = await fetch(`${url}/`)
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  const refused = await fetch(`${url}/`, { method: 'POST' })
  expect(refused.status).toBe(405)
  expect(refused.headers.get('allow')).toBe('GET, HEAD')
})
