import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const read = (path: string): string => readFileSync(fromRoot(path), 'utf8')

/** Reads the pairs of test file and title from a page: `a/file.test.ts` “a title”, “another title of that file”. */
function namedTests(page: string): { file: string; title: string }[] {
  const places = page.matchAll(/`([\w./-]+\.test\.ts)`((?:,? “[^”]+”)+)/g)
  return [...places].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })),
  )
}

it.each(['docs/threat-model.md', 'docs/asvs.md'])('every test that %s names exists', (path) => {
  const page = read(path)
  const named = namedTests(page)
  const files = new Set(named.map(({ file }) => file))
  const mentioned = [...page.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, file]) => file)
  expect(files.size).toBeGreaterThan(9)
  // Every file must come with a title, except this test itself.
  expect(mentioned.filter((file) => file !== undefined && !files.has(file))).toEqual([
    'apps/e2e/test/security-docs.test.ts',
  ])
  expect(
    named.filter(({ file, title }) => !existsSync(fromRoot(file)) || !read(file).includes(title)),
  ).toEqual([])
})

it.each(['threat-model', 'asvs'])(
  'the Chinese page of %s names the same tests in the same order',
  (page) => {
    const tests = (path: string) => read(path).match(/`[\w./-]+\.ts`|“[^”]+”/g)
    expect(tests(`docs/${page}.zh-CN.md`)).toEqual(tests(`docs/${page}.md`))
  },
)

it('every requirement of the three chapters at levels 1 and 2 has a row', () => {
  const counts: Record<string, number> = {}
  for (const [, section = ''] of read('docs/asvs.md').matchAll(/^\| (\d\.\d)\.\d+ +\| [12] +\|/gm))
    counts[section] = (counts[section] ?? 0) + 1
  expect(counts).toEqual({
    '6.1': 3,
    '6.2': 11,
    '6.3': 4,
    '6.4': 4,
    '6.5': 5,
    '6.6': 3,
    '6.8': 4,
    '7.1': 3,
    '7.2': 4,
    '7.3': 2,
    '7.4': 5,
    '7.5': 2,
    '7.6': 2,
    '9.1': 3,
    '9.2': 4,
  })
})
