import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { describe, expect, it } from 'vitest'
import { anchorsOf } from '../src/anchors.ts'
import { linksOf, toSitePage } from '../src/links.ts'
import { languages } from '../src/map.ts'
import { exists, fileOf, pages, read, root } from '../src/tree.ts'
import { documents } from './blocks/blocks.ts'

it('every page under docs/ is in the site, once', () => {
  const inTree = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.endsWith('.zh-CN.md'))
    .map((name) => `docs/${name}`)
  const inSite = pages.map(({ source }) => source)
  expect(inTree.filter((source) => !inSite.includes(source))).toEqual([])
  expect(new Set(inSite).size).toBe(inSite.length)
  expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length)
})

it('every page of the site is there in both languages', () => {
  const files = pages.flatMap((page) => languages.map((language) => fileOf(page, language)))
  expect(files.filter((file) => !exists(file))).toEqual([])
})

describe.each(documents)('the links of %s', (file) => {
  it('lead to files and headings that are there', () => {
    const dead = linksOf(read(file)).filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? file : join(dirname(file), decodeURI(path)).replace(/\/$/, '')
      if (!exists(target)) return true
      if (anchor === undefined) return false
      const page = target.endsWith('.md') ? target : `${target}/README.md`
      return exists(page) && !anchorsOf(read(page)).has(decodeURIComponent(anchor))
    })
    expect(dead).toEqual([])
  })
})

describe('a page in the site', () => {
  const page = (text: string) => toSitePage('docs/start.md', text, 'en')

  it('has links to pages of the site, to pictures and to the repository', () => {
    expect(page('[a](run.md#tls) [b](../README.md) [c](../apps/miniprogram) [d](#next)')).toBe(
      '[a](/en/run#tls) [b](/en/overview) [c](https://github.com/mianmi/mianmi/tree/main/apps/miniprogram) [d](#next)',
    )
    expect(page('![p](images/playground.png)')).toBe('![p](/images/playground.png)')
  })

  it('has no link to the other language, and its code is unchanged', () => {
    expect(page('# Start\n\n[中文](start.zh-CN.md)\n\n`[x](y.md)`\n')).toBe(
      '# Start\n\n\n\n`[x](y.md)`\n',
    )
  })

  it('is refused with a link that leads to no file', () => {
    expect(() => page('[x](nowhere.md)')).toThrow('docs/start.md: nowhere.md is not there')
  })
})
