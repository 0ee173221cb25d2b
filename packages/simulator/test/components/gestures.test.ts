// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { compilePage } from '../compile-files.ts'
import { start } from '../launch.ts'

const template = `
  <view data-testid="box" bindtap="add" bindlongpress="add" bindtouchstart="add" bindtouchmove="add"
    bindtouchend="add" bindtouchcancel="add" />
  <button data-testid="button" hover-class="pressed" />
  <button data-testid="disabled" disabled bindtap="add" />`
const app = compilePage(template)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
})

async function open() {
  const phone = await start(undefined, { app: await app })
  const pointer = (type: string, testId = 'box', x = 0) =>
    phone
      .find(testId)
      .dispatchEvent(new MouseEvent(`pointer${type}`, { bubbles: true, clientX: x, clientY: 0 }))
  return { ...phone, pointer, events: () => phone.data()['events'] }
}

test('a press of 350 ms is a longpress', async () => {
  const { pointer, events } = await open()
  pointer('down')
  vi.advanceTimersByTime(349)
  expect(events()).toEqual(['touchstart'])
  vi.advanceTimersByTime(1)
  pointer('up')
  expect(events()).toEqual(['touchstart', 'longpress', 'touchend'])
})

test('a movement of more than 10 pixels is no longpress', async () => {
  const { pointer, events } = await open()
  pointer('down')
  pointer('move', 'box', 10)
  vi.advanceTimersByTime(350)
  expect(events()).toEqual(['touchstart', 'touchmove', 'longpress'])
  pointer('cancel')
  pointer('down')
  pointer('move', 'box', 11)
  vi.advanceTimersByTime(350)
  expect(events()).toEqual([
    'touchstart',
    'touchmove',
    'longpress',
    'touchcancel',
    'touchstart',
    'touchmove',
  ])
})

test('the hover-class is present while a finger is down', async () => {
  const { pointer, find } = await open()
  const isPressed = () => /\bpressed\b/.test(find('button').className)
  pointer('down', 'button')
  expect(isPressed()).toBe(true)
  pointer('up', 'button')
  expect(isPressed()).toBe(false)
})

test('a disabled button fires no tap and has no hover-class', async () => {
  const { pointer, tap, find, events } = await open()
  tap('disabled')
  pointer('down', 'disabled')
  expect(events()).toEqual([])
  expect(find('disabled').className).not.toContain('hover')
})

test('isTapping is true in the handler of a tap only', async () => {
  const tapping = await compilePage(
    '<view data-testid="box" bindtap="go" bindtouchstart="go" bindlongpress="go" />',
    {
      'page/index.js': 'Page({ go({ type }) { wx.write(type + " " + wx.isTapping()) } })',
    },
  )
  const { find, log } = await start(undefined, { app: tapping })
  find('box').dispatchEvent(new MouseEvent('pointerdown', { bubbles: true }))
  vi.advanceTimersByTime(350)
  find('box').click()
  expect(log()).toEqual(['touchstart false', 'longpress false', 'tap true'])
})
