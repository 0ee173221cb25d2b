import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { compileMiniProgram } from '../src/compile/index.ts'
import { compileFixture } from './launch.ts'

const folders: string[] = []

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

const GOOD: Record<string, string> = {
  'app.json': '{ "pages": ["pages/a/index"] }',
  'app.js': 'App({})',
  'pages/a/index.js': 'Page({})',
  'pages/a/index.wxml': '<view>a</view>',
}

/** Compiles a valid mini program with some files changed; `null` removes a file. */
async function compile(changes: Record<string, string | null>) {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-'))
  folders.push(folder)
  for (const [path, text] of Object.entries({ ...GOOD, ...changes })) {
    if (text === null) continue
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return compileMiniProgram(folder)
}

test('a mini program compiles to plain JSON', async () => {
  const app = await compileFixture()
  expect(JSON.parse(JSON.stringify(app))).toEqual(app)
  expect(app.pages[0]).toBe('pages/home/index')
  expect(app.components['pages/home/index']?.usingComponents).toEqual({
    'app-counter': '/components/counter/index',
    card: '/components/card/index',
  })
})

test('pages of sub-packages are pages', async () => {
  const app = await compile({
    'app.json':
      '{ "pages": ["pages/a/index"], "subPackages": [{ "root": "more/", "pages": ["b"] }] }',
    'more/b.js': 'Page({})',
    'more/b.wxml': '<view />',
  })
  expect(app.pages).toEqual(['pages/a/index', 'more/b'])
})

test.each<[string, Record<string, string | null>, string]>([
  ['no app.json', { 'app.json': null }, 'app.json: not found'],
  ['no pages', { 'app.json': '{}' }, 'app.json: "pages" names no page'],
  ['broken JSON', { 'app.json': '{' }, 'app.json: '],
  [
    'a page without its script',
    { 'pages/a/index.js': null },
    'app.json: page "pages/a/index" has no file pages/a/index.js',
  ],
  [
    'an unknown component',
    { 'pages/a/index.json': '{ "usingComponents": { "x": "../x/index" } }' },
    'pages/a/index.json: component "../x/index" not found: pages/x/index.js and pages/x/index.wxml',
  ],
  [
    'an expression that WXML does not know',
    { 'pages/a/index.wxml': '<view>\n  {{ a?.b }}\n</view>' },
    'pages/a/index.wxml:2:7: unexpected character inside expression',
  ],
  [
    'an open tag',
    { 'pages/a/index.wxml': '<view>\n<text>\n</view>' },
    'pages/a/index.wxml:2:2: missing end tag',
  ],
  ['broken script', { 'app.js': 'App({\n  a: ;\n})' }, "app.js:2:1: Unexpected token ';'"],
  ['a module that is not CommonJS', { 'app.js': "import './x'" }, 'app.js:1:1: Cannot use import'],
  ['broken WXS', { 'a.wxs': 'var = 1' }, "a.wxs:1:1: Unexpected token '='"],
])('%s is refused with file and position', async (_, changes, message) => {
  await expect(compile(changes)).rejects.toThrow(message)
})
