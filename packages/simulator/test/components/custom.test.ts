// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { compilePage } from '../compile-files.ts'
import { start } from '../launch.ts'

const open = (path?: string) => start(path, { fixture: 'features' })

test('a page made by Component() gets its query as properties and in onLoad', async () => {
  const { find, log } = await open('pages/main/index?from=qr')
  expect(find('from').textContent).toBe('qr')
  expect(log()).toContain('load qr pages/main/index 1')
})

test('a page that navigates away in onLoad is never shown', async () => {
  const { simulator, log } = await open('pages/main/leaving')
  expect(simulator.pageStack().map(({ path }) => path)).toEqual(['pages/main/index'])
  expect(log()).toEqual([
    'leaving unload',
    'load there pages/main/index 1',
    'ready a',
    'ready generic',
  ])
})

test('relations link parents and children, and a component that is added later gets ready', async () => {
  const { find, tap, log } = await open()
  expect(find('count').textContent).toBe('1')
  tap('marked')
  await Promise.resolve()
  expect(find('count').textContent).toBe('2')
  expect(log().slice(-2)).toEqual(['ready generic', 'ready n1'])
})

test('a component with wx://form-field is a field of its form', async () => {
  const { tap, data } = await open()
  tap('submit')
  expect(data()['submitted']).toEqual({ picked: 'from a component' })
})

test('a component with a virtual host has no element', async () => {
  const { simulator } = await open()
  const ghost = simulator.currentPage().querySelector('.components-ghost-index--ghost')
  expect(ghost?.parentElement?.tagName).toBe('WX-PAGE')
})

test('a generic uses the component of the attribute, or its default', async () => {
  const { find } = await open()
  expect(find('frame').textContent).toBe('ghostgeneric')
})

test('onPageScroll and onReachBottom run, and pageScrollTo scrolls the page', async () => {
  const { simulator, tap, log } = await open()
  const frame = simulator.currentPage().parentElement as HTMLElement
  Object.defineProperties(frame, {
    scrollHeight: { value: 1000 },
    clientHeight: { value: 700, configurable: true },
  })
  const scrollTo = (top: number) => {
    frame.scrollTop = top
    frame.dispatchEvent(new Event('scroll'))
  }
  scrollTo(100)
  scrollTo(280)
  scrollTo(290)
  expect(log().slice(-4)).toEqual(['scroll 100', 'scroll 280', 'bottom', 'scroll 290'])
  tap('marked')
  expect(frame.scrollTop).toBe(30)
})

test('createSelectorQuery measures an element', async () => {
  const { tap, log } = await open()
  vi.useFakeTimers()
  tap('odd')
  vi.advanceTimersByTime(1)
  vi.useRealTimers()
  expect(log().at(-1)).toBe('measured 0')
})

test('a script may set styleIsolation', async () => {
  const { find, simulator } = await open()
  expect(find('loud').className).toBe('loud own')
  const sheet = simulator.document.querySelector('style[data-path="components/loud/index"]')
  expect(sheet?.textContent?.trim()).toBe('.own { font-weight: 700; }')
})

test('capture handlers run first; events carry marks and the dataset; aria-role sets the role', async () => {
  const { find, tap, data } = await open()
  tap('marked')
  expect(data()['seen']).toEqual(['before here', 'tap 1 '])
  expect(find('marked').getAttribute('role')).toBe('button')
  expect(find('marked').getAttribute('aria-label')).toBe('mark it')
  expect(find('marked').tabIndex).toBe(0)
})

test('an error in onLoad reaches App.onError and the listener, and the page stays open', async () => {
  const original = console.error
  console.error = () => undefined
  const { log, simulator } = await open('pages/main/broken')
  console.error = original
  expect(log()).toEqual(['app error cannot load'])
  expect(simulator.pageStack()).toHaveLength(1)
})

test('onReachBottom runs 50 pixels before the end by default, for the visible page only', async () => {
  const app = await compilePage('<view />', {
    'page/index.js': `Page({
      data: { events: [] },
      onPageScroll({ scrollTop }) { wx.write(scrollTop) },
      onReachBottom() { wx.write('bottom') },
    })`,
  })
  const { simulator, log, screen } = await start(undefined, { app })
  const frame = simulator.currentPage().parentElement as HTMLElement
  Object.defineProperties(frame, { scrollHeight: { value: 1000 }, clientHeight: { value: 700 } })
  const scrollTo = (top: number) => {
    frame.scrollTop = top
    frame.dispatchEvent(new Event('scroll'))
  }
  for (const top of [249, 250, 260, 249, 250]) scrollTo(top)
  expect(log()).toEqual([249, 250, 'bottom', 260, 249, 250, 'bottom'])
  await screen().navigateTo('/page/index')
  scrollTo(10)
  expect(log()).toHaveLength(7)
})

test('pageScrollTo and startPullDownRefresh of wx use the page on top', async () => {
  const app = await compilePage('<view data-testid="go" bindtap="go" />', {
    'page/index.js': `Page({
      onPullDownRefresh() { wx.write('refresh') },
      go() {
        wx.pageScrollTo({
          scrollTop: 30,
          success: ({ errMsg }) => wx.write('success ' + errMsg),
          complete: ({ errMsg }) => wx.write('complete ' + errMsg),
        })
        wx.startPullDownRefresh()
      },
    })`,
  })
  const { tap, log, simulator } = await start(undefined, { app })
  tap('go')
  expect(log()).toEqual(['success pageScrollTo:ok', 'complete pageScrollTo:ok', 'refresh'])
  expect(simulator.currentPage().parentElement?.scrollTop).toBe(30)
})

test('an unknown built-in behavior is refused by name', async () => {
  const app = await compilePage('<view />', {
    'page/index.js': "Component({ behaviors: ['wx://unknown'] })",
  })
  const error = vi.spyOn(console, 'error').mockReturnValue()
  await expect(start(undefined, { app })).rejects.toThrow(
    'behavior "wx://unknown" is not simulated',
  )
  error.mockRestore()
})
