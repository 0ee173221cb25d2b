import { expect, test } from 'vitest'
import { compileFiles } from './compile-files.ts'
import { compileFixture } from './launch.ts'

const GOOD: Record<string, string> = {
  'app.json': '{ "pages": ["pages/a/index"] }',
  'app.js': 'App({})',
  'pages/a/index.js': 'Page({})',
  'pages/a/index.wxml': '<view>a</view>',
}

/** Compiles a valid mini program with some files changed; `null` removes a file. */
const compile = (changes: Record<string, string | null>) => compileFiles({ ...GOOD, ...changes })

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

const OTHER = { 'pages/b/index.js': 'Page({})', 'pages/b/index.wxml': '<view>b</view>' }
const TWO = { ...OTHER, 'app.json': '{ "pages": ["pages/a/index", "pages/b/index"] }' }

test.each<[string, Record<string, string | null>, string]>([
  ['no app.json', { 'app.json': null }, 'app.json: not found'],
  ['no pages', { 'app.json': '{}' }, 'app.json: "pages" names no page'],
  ['broken JSON', { 'app.json': '{' }, 'app.json: '],
  [
    'an unknown component of app.json',
    { 'app.json': '{ "pages": ["pages/a/index"], "usingComponents": { "x": "x" } }' },
    'app.json: component "x" not found',
  ],
  ['broken app.js', { 'app.js': 'App({\n  a: ;\n})' }, "app.js:2:1: Unexpected token ';'"],
  [
    'app.js that is a broken ES module',
    { 'app.js': "import './x'\nApp({)" },
    'app.js:2:1: Unexpected',
  ],
  [
    'app.js that declares a name twice',
    { 'app.js': "import './x'\nlet a, a" },
    'app.js:2:1: Identifier',
  ],
  ['broken app.wxss', { 'app.wxss': '.a {' }, 'app.wxss:1:1: Unclosed block'],
])('%s is refused with file and position', async (_, changes, message) => {
  await expect(compile(changes)).rejects.toThrow(message)
})

test.each<[string, Record<string, string | null>, string]>([
  [
    'a page without its script',
    { 'pages/a/index.js': null },
    'app.json: page "pages/a/index" has no file pages/a/index.js',
  ],
  [
    'a page without its template',
    { 'pages/a/index.wxml': null },
    'app.json: page "pages/a/index" has no file pages/a/index.wxml',
  ],
  ['broken JSON', { 'pages/a/index.json': '{' }, 'pages/a/index.json: '],
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
  [
    'an end tag without a start tag',
    { 'pages/a/index.wxml': '<view></view></text>' },
    'pages/a/index.wxml:1:',
  ],
  [
    'an included template',
    {
      'pages/a/index.wxml': '<include src="../../row" />',
      'row.wxml': '<include src="deep" />',
      'deep.wxml': '<a>',
    },
    'deep.wxml:1:2: missing end tag',
  ],
  [
    'broken WXS',
    { 'pages/a/index.wxml': '<wxs module="a" src="../../a.wxs" />', 'a.wxs': 'var = 1' },
    "a.wxs:1:1: Unexpected token '='",
  ],
  ['broken WXSS', { 'pages/a/index.wxss': '.a {' }, 'pages/a/index.wxss:1:1: Unclosed block'],
])(
  'a page with %s has a fault with file and position, and no other page has',
  async (_, changes, message) => {
    const { faults } = await compile({ ...TWO, ...changes })
    expect(faults['pages/a/index']).toContain(message)
    expect(faults['pages/b/index']).toBeUndefined()
  },
)

test('components are found in the page, in its folder index and in miniprogram_npm', async () => {
  const box = { js: 'Component({})', wxml: '<view />' }
  const files = Object.fromEntries(
    [
      'pages/a/near',
      'pages/a/folder/index',
      'miniprogram_npm/one',
      'miniprogram_npm/two/index',
    ].flatMap((path) => Object.entries(box).map(([suffix, text]) => [`${path}.${suffix}`, text])),
  )
  const app = await compile({
    ...files,
    'app.json':
      '{ "pages": ["pages/a/index"], "usingComponents": { "near": "one", "npm-two": "two" } }',
    'pages/a/index.json':
      '{ "usingComponents": { "near": "near", "folder": "./folder", "npm-one": "one" } }',
  })
  expect(app.components['pages/a/index']?.usingComponents).toEqual({
    near: '/pages/a/near',
    folder: '/pages/a/folder/index',
    'npm-one': '/miniprogram_npm/one',
    'npm-two': '/miniprogram_npm/two/index',
  })
})

test('sub-packages may be declared as subpackages', async () => {
  const app = await compile({
    'app.json':
      '{ "pages": ["pages/a/index"], "subpackages": [{ "root": "more", "pages": ["b"] }] }',
    'more/b.js': 'Page({})',
    'more/b.wxml': '<view />',
  })
  expect(app.pages).toEqual(['pages/a/index', 'more/b'])
})

test.each([
  ['a.png', 'image/png'],
  ['a.jpg', 'image/jpeg'],
  ['a.JPEG', 'image/jpeg'],
  ['a.gif', 'image/gif'],
  ['a.webp', 'image/webp'],
  ['a.svg', 'image/svg+xml'],
  ['a.ttf', 'font/ttf'],
  ['a.woff', 'font/woff'],
  ['a.woff2', 'font/woff2'],
])('the asset %s becomes a data URL of type %s', async (path, type) => {
  const { assets } = await compile({ [path]: 'x' })
  expect(assets).toEqual({ [path]: `data:${type};base64,eA==` })
})

test('only the keys of app.json that the simulator uses are compiled', async () => {
  const { config } = await compile({
    'app.json': `{ "pages": ["pages/a/index"], "entryPagePath": "pages/a/index", "darkmode": true,
      "style": "v2", "window": {}, "permission": { "scope.record": { "desc": "d" } },
      "requiredPrivateInfos": ["getLocation"], "sitemapLocation": "x" }`,
  })
  expect(config).toEqual({
    entryPagePath: 'pages/a/index',
    darkmode: true,
    style: 'v2',
    window: {},
    permission: { 'scope.record': { desc: 'd' } },
    requiredPrivateInfos: ['getLocation'],
  })
})

test('node_modules is not part of the mini program', async () => {
  const app = await compile({
    'node_modules/a/index.js': 'export default 1',
    'pages/node_modules/b.png': 'x',
    'miniprogram_npm/a/index.js': 'module.exports = 1',
  })
  expect(Object.keys(app.scripts).sort()).toEqual([
    'app.js',
    'miniprogram_npm/a/index.js',
    'pages/a/index.js',
  ])
  expect(app.assets).toEqual({})
})
