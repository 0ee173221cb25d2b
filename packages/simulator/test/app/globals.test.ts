// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { compilePage } from '../compile-files.ts'
import { start } from '../launch.ts'

/** Compiles a page whose handler `go` runs `code`. */
const pageThat = (code: string, changes: Record<string, string> = {}) =>
  compilePage('<view data-testid="go" bindtap="go" />', {
    'page/index.js': `Page({ go() { ${code} } })`,
    ...changes,
  })

test('all modules of a launch share one object global', async () => {
  const app = await pageThat('wx.write(global.from + typeof global.window)', {
    'app.js': "global.from = 'app '; App({})",
  })
  const { tap, log, simulator } = await start(undefined, { app })
  tap('go')
  expect(log()).toEqual(['app undefined'])
  await simulator.relaunch()
  expect('from' in globalThis).toBe(false)
})

test('a page requires a package of miniprogram_npm', async () => {
  const app = await pageThat("wx.write(require('@scope/name/sub'))", {
    'miniprogram_npm/@scope/name/sub.js': "module.exports = require('./chunks/one.js')",
    'miniprogram_npm/@scope/name/chunks/one.js': "module.exports = 'one'",
  })
  const { tap, log } = await start(undefined, { app })
  tap('go')
  expect(log()).toEqual(['one'])
})

test('launch and enter options are those of the launch, then of the return', async () => {
  const app = await pageThat(
    `for (const read of [wx.getLaunchOptionsSync, wx.getEnterOptionsSync]) {
       const { path, query, scene } = read()
       wx.write([path, JSON.stringify(query), scene].join(' '))
     }`,
    {
      'app.json': '{ "pages": ["page/index", "page/other"] }',
      'page/other.js': 'Page({})',
      'page/other.wxml': '<view />',
    },
  )
  const { tap, log, simulator, screen } = await start('page/index?a=1', { app })
  await screen().navigateTo('/page/other')
  simulator.hide()
  simulator.show()
  await screen().navigateBack(1)
  tap('go')
  expect(log()).toEqual(['page/index {"a":"1"} 1001', 'page/other {} 1001'])
})

test('getSystemInfo returns what getSystemInfoSync of wx returns, by callback or promise', async () => {
  const app = await pageThat(`
    wx.getSystemInfo({ success: (r) => wx.write(r.model), complete: (r) => wx.write(r.errMsg) })
    wx.getSystemInfoAsync().then((r) => wx.write(r.model + ' again'))`)
  const log: string[] = []
  const wx = {
    write: (line: string) => log.push(line),
    getSystemInfoSync: () => ({ model: 'mine' }),
  }
  const { tap } = await start(undefined, { app, wx: () => wx })
  tap('go')
  await Promise.resolve()
  expect(log).toEqual(['mine', 'getSystemInfo:ok', 'mine again'])
})

test('a wx without getSystemInfoSync has the size of the screen', async () => {
  const app = await pageThat("wx.write(wx.getSystemInfoSync().windowWidth + ' wide')")
  const { tap, log } = await start(undefined, { app })
  tap('go')
  expect(log()).toEqual(['375 wide'])
})

test('App.onError and each listener of wx.onError get an error, until offError', async () => {
  const error = vi.spyOn(console, 'error').mockReturnValue()
  const app = await pageThat("throw new Error('fault')", {
    'app.js': `
      const first = (message) => {
        wx.write('first ' + message.split('\\n')[0])
        wx.offError(first)
        throw new Error('of a listener')
      }
      wx.onError(first)
      wx.onError((message) => wx.write('second ' + message.split('\\n')[0]))
      App({ onError: (message) => wx.write('app ' + message.split('\\n')[0]) })`,
  })
  const { tap, log, simulator } = await start(undefined, { app })
  const reported: unknown[] = []
  simulator.onError((fault) => reported.push(fault))
  tap('go')
  tap('go')
  expect(log()).toEqual(['app fault', 'first fault', 'second fault', 'app fault', 'second fault'])
  expect(reported.map(String)).toEqual(['Error: fault', 'Error: of a listener', 'Error: fault'])
  error.mockRestore()
})

test('a method that wx does not have is named once in a warning', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const app = await pageThat('if (wx.vibrateShort || wx.vibrateShort || wx.$own) wx.write()')
  const { tap } = await start(undefined, { app })
  tap('go')
  tap('go')
  expect(warn.mock.calls).toEqual([['wx.vibrateShort is not simulated']])
  warn.mockRestore()
})

test('scripts may be ES modules, which import others and packages, and are strict', async () => {
  const app = await compilePage('<view data-testid="go" bindtap="go" />', {
    'app.js': "import './early'\nApp({})",
    'early.js': "export {}\nwx.write('early')",
    'page/index.js': `
      import part, { name as other, count } from './part'
      import * as all from '../deep/all.js'
      import { sub } from 'named/sub'
      import common from './common'
      Page({ go() { wx.write([part(), other, count(), count(), all.default, all.x, sub, common.c, typeof this].join(' ')) } })`,
    'page/part.js': `
      let calls = 0
      export const name = 'part'
      export const count = () => ++calls
      export default function () { return 'default' }`,
    'page/common.js': "module.exports = { c: 'common' }",
    'deep/all.js': "export { name as default } from '../page/part'\nexport const x = 'x'",
    'miniprogram_npm/named/sub.js': "export const sub = 'sub'",
  })
  const { tap, log } = await start(undefined, { app })
  tap('go')
  expect(log()).toEqual(['early', 'default part 1 2 part x sub common object'])
})
