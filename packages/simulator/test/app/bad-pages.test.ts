// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { compileFiles } from '../compile-files.ts'
import { start } from '../launch.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue()
})
afterEach(() => vi.restoreAllMocks())

/** A mini program of the page `good`, which shows `good`, and the page `bad`, made of these files. */
const compileBad = (files: Record<string, string | null>) =>
  compileFiles({
    'app.json': '{ "pages": ["good", "bad"] }',
    'app.js': 'App({ onError(message) { wx.write(message.split("\\n")[0]) } })',
    'good.js': "Page({ onHide() { wx.write('hidden') } })",
    'good.wxml': '<view data-testid="text" bindtap="tap">good</view>',
    'bad.js': 'Page({})',
    'bad.wxml': '<view />',
    ...files,
  })

test.each<[string, Record<string, string | null>, string]>([
  ['that throws at load', { 'bad.js': "throw new Error('at load')" }, 'at load'],
  ['whose script does not parse', { 'bad.js': 'Page({' }, 'bad.js:2:1: Unexpected'],
  [
    'that requires a module that does not parse',
    { 'bad.js': "require('./part'); Page({})", 'part.js': 'export const = 1' },
    'part.js:1:1: Unexpected token',
  ],
  ['that registers nothing', { 'bad.js': '' }, 'bad.js calls neither Page() nor Component()'],
  ['without a template', { 'bad.wxml': null }, 'page "bad" has no file bad.wxml'],
  [
    'with an unknown component',
    { 'bad.json': '{ "usingComponents": { "x": "x" } }' },
    'bad.json: component "x" not found',
  ],
  [
    'with a component that has a fault',
    {
      'bad.json': '{ "usingComponents": { "x": "x" } }',
      'x.js': 'Component({})',
      'x.json': '{ "component": true }',
      'x.wxml': '<view>',
    },
    'x.wxml:1:2: missing end tag',
  ],
])('a page %s is not opened, and the page below stays', async (_, files, message) => {
  const { simulator, screen, log, find } = await start('good', { app: await compileBad(files) })
  const errors: unknown[] = []
  simulator.onError((error) => errors.push(error))
  for (const open of [screen().navigateTo, screen().redirectTo, screen().reLaunch]) {
    await expect(open('/bad')).rejects.toThrow(message)
  }
  expect(simulator.pageStack().map(({ path }) => path)).toEqual(['good'])
  expect(find('text').closest('.sim-page')).toHaveProperty('hidden', false)
  expect(errors).toHaveLength(3)
  expect(log()).toHaveLength(3)
  expect(log()[0]).toContain(message)
})

test('a launch with a bad page is rejected, and reported once; another launch works', async () => {
  const app = await compileBad({ 'bad.js': "throw new Error('at load')" })
  const { simulator, find } = await start('good', { app })
  const errors: unknown[] = []
  simulator.onError((error) => errors.push(error))
  await expect(simulator.launch('bad')).rejects.toThrow('at load')
  expect(errors).toHaveLength(1)
  await simulator.launch('good')
  expect(find('text').textContent).toBe('good')
})

test('a WXS script that throws at load costs no template', async () => {
  const app = await compileBad({
    'bad.wxml': '<wxs module="w" src="w.wxs" /><view data-testid="text">bad {{ w.a }}</view>',
    'w.wxs': 'module.exports = require("./gone.wxs").x',
  })
  const { find, screen } = await start('good', { app })
  expect(find('text').textContent).toBe('good')
  expect(console.error).toHaveBeenCalled()
  await screen().navigateTo('/bad')
  expect(find('text').textContent).toBe('bad ')
})

test('a page that cannot be drawn is not opened, and the page below is shown again', async () => {
  const app = await compileBad({
    'bad.wxml':
      '<wxs module="w">module.exports = { f: function () { throw new Error("drawn") } }</wxs>{{ w.f() }}',
  })
  const { screen, find, simulator } = await start('good', { app })
  await expect(screen().navigateTo('/bad')).rejects.toThrow('drawn')
  expect(simulator.pageStack().map(({ path }) => path)).toEqual(['good'])
  expect(find('text').closest('.sim-page')).toHaveProperty('hidden', false)
})
