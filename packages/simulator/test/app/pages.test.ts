// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { compileFiles, compilePage } from '../compile-files.ts'
import { start } from '../launch.ts'

test('a page renders its data through WXS, wx:if, wx:for, import and include', async () => {
  const { find } = await start()
  expect(find('title').textContent).toBe('<heLLo>')
  expect(find('none').textContent).toBe('none')
  expect(find('row').textContent).toBe('1: one')
  expect(find('note').textContent).toBe('note 0')
})

test('a tap runs its handler, whose setData updates paths and calls back', async () => {
  const { find, tap, simulator, log } = await start()
  tap('add')
  expect(find('count').textContent).toBe('1')
  expect(find('note').textContent).toBe('note 1')
  const rows = simulator.currentPage().querySelectorAll('[data-testid="row"]')
  expect([...rows].map((row) => row.textContent)).toEqual(['1: first', '2: more'])
  await Promise.resolve()
  await Promise.resolve()
  expect(log()).toContain('rendered')
})

test('pageStack returns a copy of the data', async () => {
  const { simulator, data } = await start()
  const taken = simulator.pageStack()[0]?.data ?? {}
  taken['greeting'] = 'changed'
  expect(data()['greeting']).toBe('hello')
})

test('an event carries the dataset, and data-* are in the document', async () => {
  const { find, tap, data } = await start()
  expect(find('row').getAttribute('data-row-id')).toBe('1')
  tap('row')
  expect(data()['seen']).toBe('row 1 tap')
})

test('bindtap bubbles and catchtap does not', async () => {
  const { tap, log } = await start()
  tap('sibling')
  expect(log().slice(-1)).toEqual(['outer'])
  tap('inner')
  expect(log().slice(-1)).toEqual(['inner'])
})

test('a custom component has properties, observers, behaviors, slots and events', async () => {
  const { find, tap, data } = await start()
  expect(find('card-head').textContent).toBe('T0 1')
  expect(find('body').parentElement?.tagName).toBe('WX-CARD')
  expect(find('foot').parentElement?.className).toBe('components-card-index--foot')
  tap('add')
  expect(find('card-head').textContent).toBe('T1 2')
  tap('done')
  expect(data()['seen']).toBe('done card')
})

test('an isolated component has scoped class names and accepts external classes', async () => {
  const { find } = await start()
  expect([...find('card-head').classList].sort()).toEqual(['components-card-index--card', 'title'])
  expect(find('counter').classList.contains('title')).toBe(true)
})

test('inline styles may use rpx, and hidden hides', async () => {
  const { find } = await start()
  expect(find('styled').getAttribute('style')).toBe('width: calc(100 * var(--rpx))')
  expect(find('styled').hidden).toBe(false)
})

test('images of the package load as data URLs', async () => {
  const { find } = await start()
  const picture = find('logo').querySelector('img')
  expect(picture?.src).toMatch(/^data:image\/svg\+xml;base64,/)
  expect(picture?.style.objectFit).toBe('contain')
  expect(picture?.alt).toBe('logo')
})

test('an error in a handler is reported with its page, and the app continues', async () => {
  const { simulator, tap, find } = await start()
  const errors: unknown[] = []
  const said: unknown[][] = []
  const original = console.error
  console.error = (...args) => said.push(args)
  const stop = simulator.onError((error) => errors.push(error))
  tap('broken')
  await Promise.resolve()
  await Promise.resolve()
  await Promise.resolve()
  console.error = original
  expect(errors).toEqual([new Error('broken on purpose')])
  expect(said[0]?.[0]).toBe('[pages/home/index]')
  stop()
  tap('add')
  expect(find('count').textContent).toBe('1')
})

test.each([
  ['width: 100rpx', 'width: calc(100 * var(--rpx))'],
  ['margin: -1.5rpx .5rpx', 'margin: calc(-1.5 * var(--rpx)) calc(.5 * var(--rpx))'],
  ['width: 10px', 'width: 10px'],
])('the inline style %s becomes %s', async (style, expected) => {
  const app = await compilePage(`<view data-testid="box" style="${style}" />`)
  const { find } = await start(undefined, { app })
  expect(find('box').getAttribute('style')).toBe(expected)
})

test('hidden hides a built-in component and a custom one', async () => {
  const app = await compilePage(
    '<view hidden data-testid="view" /><x-box hidden data-testid="box" />',
    {
      'page/index.json': '{ "usingComponents": { "x-box": "box" } }',
      'page/box.js': 'Component({})',
      'page/box.json': '{ "component": true }',
      'page/box.wxml': '<view />',
    },
  )
  const { find } = await start(undefined, { app })
  expect([find('view').hidden, find('box').hidden]).toEqual([true, true])
})

test('the style sheet of a page is enabled for that page only', async () => {
  const app = await compileFiles({
    'app.json': '{ "pages": ["page/a", "page/b"] }',
    'app.wxss': 'page { color: red }',
    'page/a.js': 'Page({})',
    'page/a.wxml': '<view />',
    'page/a.wxss': '.a {}',
    'page/b.js': 'Page({})',
    'page/b.wxml': '<view />',
    'page/b.wxss': '.b {}',
  })
  const { simulator, screen, container } = await start(undefined, { app })
  const media = () =>
    Object.fromEntries(
      [...container.querySelectorAll<HTMLStyleElement>('style[data-path]')].map((sheet) => [
        sheet.dataset['path'],
        sheet.media,
      ]),
    )
  await screen().navigateTo('/page/b')
  expect(media()).toEqual({ app: '', 'page/a': 'not all', 'page/b': 'all' })
  await screen().navigateBack(1)
  expect(media()).toEqual({ app: '', 'page/a': 'all', 'page/b': 'not all' })
  await simulator.relaunch()
  expect(media()).toEqual({ app: '', 'page/a': 'all' })
})
