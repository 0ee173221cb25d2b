import { expect, test } from 'vitest'
import { createModuleLoader } from './module-loader.ts'

test('modules are resolved relative to the file or the root, with or without a suffix', () => {
  const { load } = createModuleLoader(
    {
      'pages/a/index.js':
        "module.exports = [require('../../lib/one'), require('/lib/two.js'), require('../../lib')]",
      'lib/one.js': 'module.exports = 1',
      'lib/two.js': 'exports.two = 2',
      'lib/index.js': "module.exports = 'folder'",
    },
    {},
  )
  expect(load('pages/a/index.js')).toEqual([1, { two: 2 }, 'folder'])
})

test('a module runs once, and a circular require returns the exports so far', () => {
  const seen: string[] = []
  const { load } = createModuleLoader(
    {
      'a.js': "note('a'); exports.early = 1; exports.b = require('./b'); exports.late = 2",
      'b.js': "note('b'); module.exports = Object.keys(require('./a'))",
    },
    { note: (name: string) => seen.push(name) },
  )
  expect(load('a.js')).toEqual({ early: 1, b: ['early'], late: 2 })
  load('b.js')
  expect(seen).toEqual(['a', 'b'])
})

test("a missing module throws WeChat's message", () => {
  const { load } = createModuleLoader({ 'a.js': "require('./gone')" }, {})
  expect(() => load('a.js')).toThrow("module 'gone.js' is not defined, require args is './gone'")
})

test('a module that threw runs again at the next require', () => {
  let shouldThrow = true
  const { load } = createModuleLoader(
    { 'a.js': 'fail(); exports.loaded = true' },
    {
      fail() {
        if (shouldThrow) throw new Error('not yet')
      },
    },
  )
  expect(() => load('a.js')).toThrow('not yet')
  shouldThrow = false
  expect(load('a.js')).toEqual({ loaded: true })
})

test('a package is found in miniprogram_npm next to the file, then in each folder above', () => {
  const { load } = createModuleLoader(
    {
      'more/pages/a.js':
        "module.exports = [require('near'), require('@scope/far'), require('far/sub'), require('far/folder'), require('near.js')]",
      'more/miniprogram_npm/near/index.js': "module.exports = require('far') + require('./own')",
      'more/miniprogram_npm/near/own.js': "module.exports = ' own'",
      'miniprogram_npm/near/index.js': "module.exports = 'the wrong one'",
      'miniprogram_npm/far/index.js': "module.exports = 'far'",
      'miniprogram_npm/far/sub.js': "module.exports = 'sub'",
      'miniprogram_npm/far/folder/index.js': "module.exports = 'folder'",
      'miniprogram_npm/@scope/far/index.js': "module.exports = 'scoped'",
      'miniprogram_npm/near.js/index.js': "module.exports = 'dotted'",
    },
    {},
  )
  expect(load('more/pages/a.js')).toEqual(['far own', 'scoped', 'sub', 'folder', 'dotted'])
})

test.each(['./far', '/far'])('the path %s is never a package', (wanted) => {
  const { load } = createModuleLoader(
    { 'a.js': `require('${wanted}')`, 'miniprogram_npm/far/index.js': '' },
    {},
  )
  expect(() => load('a.js')).toThrow(`module 'far.js' is not defined, require args is '${wanted}'`)
})
