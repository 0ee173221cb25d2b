// @vitest-environment jsdom
import { addGlobalErrorListener, removeGlobalErrorListener } from 'glass-easel'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ScreenHost } from '../../src/screen-host.ts'
import { compilePage } from '../compile-files.ts'
import { start } from '../launch.ts'

vi.mock('glass-easel', async (importOriginal) => {
  const original = await importOriginal<typeof import('glass-easel')>()
  return {
    ...original,
    addGlobalErrorListener: vi.fn(original.addGlobalErrorListener),
    removeGlobalErrorListener: vi.fn(original.removeGlobalErrorListener),
  }
})

const script = `Page({
  data: { events: [] },
  onLoad() {
    wx.write('load')
    setInterval(() => wx.write('interval'), 10)
    setTimeout(() => wx.write('timeout'), 10)
  },
  onTap() {
    setTimeout(() => { throw new Error('late') }, 5)
  },
  reject() {
    return new Promise((_, reject) => wx.later(() => reject(new Error('late rejection'))))
  },
  fail() {
    return Promise.reject(new Error('rejected'))
  },
})`
const app = compilePage(
  `<view data-testid="throw" bindtap="onTap" /><view data-testid="reject" bindtap="reject" />
   <view data-testid="fail" bindtap="fail" />`,
  { 'page/index.js': script },
)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
  vi.spyOn(console, 'error').mockReturnValue()
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

async function open() {
  const lines: string[] = []
  const screens: ScreenHost[] = []
  const callbacks: (() => void)[] = []
  const started = await start(undefined, {
    app: await app,
    wx(screen) {
      screens.push(screen)
      return {
        write: (line: string) => lines.push(line),
        later: (callback: () => void) => callbacks.push(callback),
      }
    },
  })
  const errors: unknown[] = []
  started.simulator.onError((error) => errors.push(error))
  return { ...started, lines, screens, callbacks, errors }
}

test('timers stop at a relaunch', async () => {
  const { simulator, lines } = await open()
  vi.advanceTimersByTime(10)
  expect(lines).toEqual(['load', 'interval', 'timeout'])
  simulator.destroy()
  vi.advanceTimersByTime(100)
  expect(lines).toHaveLength(3)
  expect(vi.getTimerCount()).toBe(0)
})

test('an error in a timer is reported, but not after the end of its launch', async () => {
  const { simulator, tap, errors } = await open()
  tap('throw')
  vi.advanceTimersByTime(5)
  expect(errors).toEqual([new Error('late')])
  tap('throw')
  await simulator.relaunch()
  vi.advanceTimersByTime(5)
  expect(errors).toHaveLength(1)
})

test('a rejection of a handler is reported, but not after the end of its launch', async () => {
  const { simulator, tap, errors, callbacks } = await open()
  tap('fail')
  await vi.waitFor(() => expect(errors).toEqual([new Error('rejected')]))
  tap('reject')
  await simulator.relaunch()
  for (const callback of callbacks) callback()
  await Promise.resolve()
  await Promise.resolve()
  expect(errors).toHaveLength(1)
})

test('the screen host of an ended launch does nothing, that of the next launch works', async () => {
  const { simulator, screens, container } = await open()
  await simulator.relaunch()
  screens[0]?.showToast({ title: 'old', icon: 'none', duration: 1_000 })
  expect(container.querySelector('[role=status]')?.textContent).toBe('')
  screens[1]?.showToast({ title: 'new', icon: 'none', duration: 1_000 })
  expect(container.querySelector('[role=status]')?.textContent).toBe('new')
})

test('an error of one simulator is not reported by another, or twice after a relaunch', async () => {
  const first = await open()
  const second = await open()
  await first.simulator.relaunch()
  first.tap('fail')
  await vi.waitFor(() => expect(first.errors).toHaveLength(1))
  expect(second.errors).toEqual([])
})

test('a relaunch leaves one set of style sheets and pages', async () => {
  const { simulator } = await open()
  const count = () => simulator.document.querySelectorAll('.sim-page').length
  const before = count()
  await simulator.relaunch()
  expect(count()).toBe(before)
})

test('every error listener of the renderer is removed at the end of its launch', async () => {
  vi.mocked(addGlobalErrorListener).mockClear()
  vi.mocked(removeGlobalErrorListener).mockClear()
  const { simulator } = await open()
  await simulator.relaunch()
  simulator.destroy()
  const added = vi.mocked(addGlobalErrorListener).mock.calls.flat()
  expect(added).toHaveLength(2)
  expect(vi.mocked(removeGlobalErrorListener).mock.calls.flat()).toEqual(added)
})
