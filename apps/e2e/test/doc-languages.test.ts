import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const inChinese = (path: string): string => path.replace(/\.md$/, '.zh-CN.md')

/** The English pages of a folder and of the folders in it. */
const pagesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.endsWith('.zh-CN.md'))
    .map((path) => `${folder}/${path}`)
const isPublished = (name: string): boolean =>
  !JSON.parse(read(`packages/${name}/package.json`)).private
const packagePages = readdirSync(join(root, 'packages'))
  .filter(isPublished)
  .map((name) => `packages/${name}/README.md`)
const otherPages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'bench/README.md',
  'apps/e2e/torture/README.md',
]
const pages = [...otherPages, ...pagesIn('docs'), ...packagePages]

/** What both languages have in common: levels of headings, rows of tables, blocks of code. */
function outline(page: string): string[] {
  const withoutCode = page.replaceAll(/^( *)```\w*\n.*?^ *```$/gms, '$1```')
  return withoutCode.match(/^(?:#+ |\||```)/gm) ?? []
}

/** Links to pages of this repository, without the one to the other language. */
const linkedPages = (page: string): string[] =>
  [...page.matchAll(/\[(?!English\])[^\]]*\]\(([^):#]+\.md)[)#]/g)].map(([, path = '']) => path)

it('there are pages', () => {
  expect(pages.length).toBeGreaterThan(40)
})

describe.each(pages)('%s in Chinese', (path) => {
  it('has the same headings, tables and blocks of code', () => {
    expect(outline(read(inChinese(path)))).toEqual(outline(read(path)))
  })

  it('is linked from the English page, and links back', () => {
    const target = (page: string) => /\[(?:中文|English)[^\]]*\]\(([^)]+)\)/.exec(read(page))?.[1]
    expect(target(path)).toBe(basename(inChinese(path)))
    expect(target(inChinese(path))).toBe(basename(path))
  })

  it('links to pages in Chinese', () => {
    const inOtherLanguage = linkedPages(read(inChinese(path))).filter((link) =>
      pages.includes(join(dirname(path), link)),
    )
    expect(inOtherLanguage).toEqual([])
  })
})
