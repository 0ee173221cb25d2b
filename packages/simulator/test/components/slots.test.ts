// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { compilePage } from '../compile-files.ts'
import { start } from '../launch.ts'

/** A page with this template and `x-box`, whose template is `box`; `{{ on }}` is true after a tap on `toggle`. */
const compileBox = (page: string, box: string) =>
  compilePage(`<view data-testid="toggle" bindtap="toggle" />${page}`, {
    'page/index.json': '{ "usingComponents": { "x-box": "box", "x-outer": "outer" } }',
    'page/index.js':
      'Page({ data: { on: false, text: "" }, toggle() { this.setData({ on: !this.data.on, text: this.data.on ? "" : "t" }) } })',
    'page/box.json': '{ "component": true }',
    'page/box.js':
      "Component({ options: { multipleSlots: true }, methods: { say() { wx.write('said') } } })",
    'page/box.wxml': box,
    'page/outer.json': '{ "component": true, "usingComponents": { "x-box": "box" } }',
    'page/outer.js': 'Component({})',
    'page/outer.wxml': '<x-box><slot /></x-box>',
  })

/** The text that is shown. */
function shown(element: Element): string {
  const copy = element.cloneNode(true) as Element
  for (const hidden of copy.querySelectorAll('[hidden]')) hidden.remove()
  return (copy.textContent ?? '').trim()
}

test('a slot shows its default content, with its handlers, where nothing is in the slot', async () => {
  const app = await compileBox(
    '<x-box data-testid="empty" /><x-box data-testid="full">given</x-box><x-box data-testid="named"><view slot="head">H</view></x-box>',
    '<slot name="head">head </slot><slot>de<text bindtap="say" data-testid="say">fault</text></slot>',
  )
  const { find, tap, log } = await start(undefined, { app })
  expect(shown(find('empty'))).toBe('head default')
  expect(shown(find('full'))).toBe('head given')
  expect(shown(find('named'))).toBe('Hdefault')
  tap('say')
  expect(log()).toEqual(['said'])
})

test.each([
  ['an element', '<x-box data-testid="box"><view wx:if="{{ on }}">t</view></x-box>'],
  ['text', '<x-box data-testid="box">{{ text }}</x-box>'],
  ['a slot', '<x-outer data-testid="box"><block wx:if="{{ on }}">t</block></x-outer>'],
])(
  'the default content disappears when %s comes into the slot, and returns after it',
  async (_, page) => {
    const app = await compileBox(page, '<view><slot>default</slot></view>')
    const { find, tap } = await start(undefined, { app })
    const seen = [shown(find('box'))]
    for (let time = 0; time < 2; time += 1) {
      tap('toggle')
      await Promise.resolve()
      seen.push(shown(find('box')))
    }
    expect(seen).toEqual(['default', 't', 'default'])
  },
)
