import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import process from 'node:process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { root } from '../src/tree.ts'

/** The site as it is built: VitePress itself fails on links to pages that are not there, but knows no anchors. */

const site = join(root, 'apps/site')
const dist = join(site, 'dist')
const pages = new Map<string, string>()

beforeAll(async () => {
  const program = join(site, 'node_modules/vitepress/bin/vitepress.js')
  await promisify(execFile)(process.execPath, [program, 'build'], { cwd: site })
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.html')) pages.set(`/${file}`, readFileSync(join(dist, file), 'utf8'))
}, 600_000)

const idsOf = (html: string): Set<string> =>
  new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id.replaceAll('&amp;', '&')))

it('has each page in both languages', () => {
  const names = [...pages.keys()].filter((name) => name !== '/404.html')
  const english = names.filter((name) => name.startsWith('/en/'))
  expect(english.length).toBeGreaterThan(70)
  expect(english.map((name) => name.slice('/en'.length)).sort()).toEqual(
    names.filter((name) => !name.startsWith('/en/')).sort(),
  )
})

it('has no link to a page or a heading that is not there', () => {
  const ids = new Map([...pages].map(([name, html]) => [name, idsOf(html)]))
  const dead: string[] = []
  for (const [name, html] of pages) {
    for (const [, href = ''] of html.matchAll(/<a [^>]*href="([^"]*)"/g)) {
      if (/^[a-z]+:/.test(href)) continue
      const [path = '', anchor = ''] = href.replaceAll('&amp;', '&').split('#')
      const target = path === '' ? name : join(dirname(name), path.startsWith('/') ? '' : path)
      const address = path.startsWith('/') ? path : target
      const page = address.endsWith('/') ? `${address}index.html` : address
      const found = ids.get(page) ?? ids.get(`${page}.html`)
      const isFile = existsSync(join(dist, page)) && statSync(join(dist, page)).isFile()
      if (found === undefined ? !isFile : anchor !== '' && !found.has(decodeURIComponent(anchor)))
        dead.push(`${name}: ${href}`)
    }
  }
  expect([...new Set(dead)]).toEqual([])
})

it('shows no tags as text', () => {
  const shown = [...pages].filter(([, html]) => html.includes('&lt;a id=')).map(([name]) => name)
  expect(shown).toEqual([])
})

it('loads nothing from another host', () => {
  const styles = readdirSync(join(dist, 'assets'))
    .filter((name) => name.endsWith('.css'))
    .map((name) => readFileSync(join(dist, 'assets', name), 'utf8'))
  const loads = [...pages.values()].flatMap((html) =>
    [...html.matchAll(/<(?:script|img|link|iframe)\b[^>]*(?:src|href)="(https?:[^"]*)"/g)].map(
      ([, url]) => url,
    ),
  )
  expect(loads).toEqual([])
  expect(styles.join('\n')).not.toMatch(/url\(["']?https?:|@import/)
})

describe('for coding agents', () => {
  it('has llms.txt as it is in the repository, and every page in llms-full.txt', () => {
    const short = readFileSync(join(root, 'docs/llms.txt'), 'utf8')
    expect(readFileSync(join(dist, 'llms.txt'), 'utf8')).toBe(short)
    const full = readFileSync(join(dist, 'llms-full.txt'), 'utf8')
    expect(full).toContain(short)
    expect(full).toContain('# Beside your own backend')
    expect(full).toContain('# @mianmi/wx-session')
  })
})
