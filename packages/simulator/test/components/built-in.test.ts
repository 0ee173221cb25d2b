// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { compilePage } from '../compile-files.ts'
import { type Started, start } from '../launch.ts'

const open = async (wxml: string, changes: Record<string, string> = {}) =>
  start(undefined, { app: await compilePage(wxml, changes) })

const events = ({ data }: Started): unknown[] => data()['events'] as unknown[]

const control = ({ find }: Started, testId: string): HTMLInputElement =>
  find(testId).querySelector('input, textarea') as HTMLInputElement

test('an input has 140 characters by default, a given maximum, or none', async () => {
  const phone = await open(`
    <input data-testid="default" />
    <textarea data-testid="none" maxlength="-1" />
    <input data-testid="zero" maxlength="0" />`)
  expect(control(phone, 'default').maxLength).toBe(140)
  expect(control(phone, 'none').hasAttribute('maxlength')).toBe(false)
  expect(control(phone, 'zero').maxLength).toBe(0)
})

test.each([
  ['text', 'text', 'text'],
  ['number', 'text', 'numeric'],
  ['digit', 'text', 'decimal'],
  ['idcard', 'text', 'text'],
  ['safe-password', 'password', 'text'],
])('an input of type %s has the browser type %s and the keyboard %s', async (type, own, mode) => {
  const phone = await open(`<input data-testid="field" type="${type}" />`)
  expect([control(phone, 'field').type, control(phone, 'field').inputMode]).toEqual([own, mode])
})

test('an input can be disabled, and focused by a property', async () => {
  const phone = await open(`
    <input data-testid="off" disabled />
    <input data-testid="focused" focus="{{ events.length > 0 }}" />
    <view data-testid="go" bindtap="add" />`)
  expect(control(phone, 'off').disabled).toBe(true)
  expect(document.activeElement === control(phone, 'focused')).toBe(false)
  phone.tap('go')
  expect(document.activeElement === control(phone, 'focused')).toBe(true)
})

test('an input that wants the focus from the start has it when the page is shown', async () => {
  const phone = await open(`
    <input data-testid="other" />
    <input data-testid="focused" focus="{{true}}" bindfocus="add" />`)
  expect(document.activeElement === control(phone, 'focused')).toBe(true)
  expect(events(phone)).toEqual(['focus'])
})

test('Enter in an input method does not confirm', async () => {
  const phone = await open('<input data-testid="field" bindconfirm="add" />')
  const press = (isComposing: boolean) =>
    control(phone, 'field').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, isComposing }),
    )
  press(true)
  expect(events(phone)).toEqual([])
  press(false)
  expect(events(phone)).toEqual(['confirm'])
})

test('radio buttons of a group exclude each other, and a checked one fires no change', async () => {
  const phone = await open(`
    <radio-group bindchange="note">
      <radio value="a" checked data-testid="a" /><radio value="b" data-testid="b" />
    </radio-group>`)
  const checked = () => ['a', 'b'].map((id) => phone.find(id).getAttribute('aria-checked'))
  phone.tap('a')
  expect(events(phone)).toEqual([])
  phone.tap('b')
  expect(events(phone)).toEqual([['change', { value: 'b' }]])
  expect(checked()).toEqual(['false', 'true'])
})

test('disabled controls ignore taps and are not focusable', async () => {
  const phone = await open(`
    <switch disabled data-testid="switch" bindchange="add" />
    <checkbox-group bindchange="add"><checkbox disabled data-testid="box" /></checkbox-group>
    <form bindsubmit="add"><button disabled form-type="submit" data-testid="submit" /></form>`)
  for (const id of ['switch', 'box', 'submit']) {
    phone.tap(id)
    expect([id, phone.find(id).tabIndex, phone.find(id).getAttribute('aria-disabled')]).toEqual([
      id,
      -1,
      'true',
    ])
  }
  expect(events(phone)).toEqual([])
})

test('a form does not collect controls without a name', async () => {
  const phone = await open(`
    <form bindsubmit="note">
      <input value="ignored" /><input name="named" value="kept" />
      <button form-type="submit" data-testid="submit" />
    </form>`)
  phone.tap('submit')
  expect(events(phone)).toEqual([['submit', { value: { named: 'kept' } }]])
})

test('a loading button is announced as busy', async () => {
  const { find } = await open('<button loading data-testid="button" />')
  expect(find('button').getAttribute('aria-busy')).toBe('true')
  expect(find('button').hasAttribute('loading')).toBe(true)
})

test('Enter follows a link, Space does not', async () => {
  const phone = await open('<navigator data-testid="link" bindtap="add" open-type="x" />')
  const original = console.error
  console.error = () => undefined
  const press = (key: string) =>
    phone.find('link').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  press(' ')
  expect(events(phone)).toEqual([])
  press('Enter')
  expect(events(phone)).toEqual(['tap'])
  await Promise.resolve()
  console.error = original
})

const pages = {
  'app.json': `{
    "pages": ["page/index", "page/tab", "page/other"],
    "tabBar": { "list": [
      { "pagePath": "page/index", "text": "a" }, { "pagePath": "page/tab", "text": "b" }
    ] }
  }`,
  'page/tab.js': 'Page({})',
  'page/tab.wxml': '<view />',
  'page/other.js': 'Page({})',
  'page/other.wxml': `
    <navigator data-testid="redirect" open-type="redirect" url="/page/other?n=2" />
    <navigator data-testid="back" open-type="navigateBack" delta="2" />
    <navigator data-testid="relaunch" open-type="reLaunch" url="/page/other?n=9" />`,
}

test('a navigator redirects, goes back, relaunches and switches tabs', async () => {
  const phone = await open(
    `<navigator data-testid="go" url="/page/other" />
     <navigator data-testid="tab" open-type="switchTab" url="/page/tab" />`,
    pages,
  )
  const stack = () =>
    phone.simulator.pageStack().map(({ path, query }) => `${path} ${query['n'] ?? ''}`)
  phone.tap('go')
  phone.tap('redirect')
  expect(stack()).toEqual(['page/index ', 'page/other 2'])
  await phone.screen().navigateTo('/page/other?n=3')
  phone.tap('back')
  expect(stack()).toEqual(['page/index '])
  phone.tap('tab')
  expect(stack()).toEqual(['page/tab '])
  await phone.screen().navigateTo('/page/other')
  phone.tap('relaunch')
  expect(stack()).toEqual(['page/other 9'])
})

test('a navigator that is refused fires fail and reports the error', async () => {
  const phone = await open('<navigator url="/page/gone" data-testid="link" bindfail="note" />')
  const errors: unknown[] = []
  phone.simulator.onError((error) => errors.push(error))
  const original = console.error
  console.error = () => undefined
  phone.tap('link')
  const errMsg = 'page "page/gone" is not found'
  await expect.poll(() => events(phone)).toEqual([['fail', { errMsg }]])
  console.error = original
  expect(errors).toEqual([new Error(errMsg)])
})

test('rich-text keeps the allowed tags and attributes of nodes', async () => {
  const nodes = [
    {
      name: 'P',
      attrs: { class: 'c', style: 'color:red', onclick: 'bad()', id: 'x' },
      children: [
        { type: 'text', text: '<b>' },
        { name: 'iframe', children: [{ text: 'inner' }] },
      ],
    },
  ]
  const { find } = await open('<rich-text nodes="{{ nodes }}" data-testid="rich" />', {
    'page/index.js': `Page({ data: { nodes: ${JSON.stringify(nodes)} } })`,
  })
  expect(find('rich').innerHTML).toBe(
    '<p class="c" style="color:red">&lt;b&gt;<span>inner</span></p>',
  )
})

test('a scroll-view fires scrolltolower and scrolltoupper once on reaching a threshold', async () => {
  const phone = await open(`
    <scroll-view scroll-y data-testid="view" bindscrolltolower="add" bindscrolltoupper="add" />`)
  const view = phone.find('view')
  Object.defineProperties(view, { scrollHeight: { value: 1000 }, clientHeight: { value: 400 } })
  for (const top of [549, 550, 560, 51, 50, 40, 560]) {
    view.scrollTop = top
    view.dispatchEvent(new Event('scroll'))
  }
  expect(events(phone)).toEqual(['scrolltolower', 'scrolltoupper', 'scrolltolower'])
})

test.each([
  [-5, '0'],
  [40, '40'],
  [140, '100'],
])('a progress of %i is shown as %s', async (percent, shown) => {
  const { find } = await open(`<progress percent="${percent}" show-info data-testid="bar" />`)
  expect(find('bar').getAttribute('aria-valuenow')).toBe(shown)
  expect(find('bar').textContent).toBe(`${shown}%`)
})

test.each([
  ['scaleToFill', 'fill', ''],
  ['aspectFit', 'contain', ''],
  ['aspectFill', 'cover', ''],
  ['widthFix', 'fill', ''],
  ['top left', 'none', 'top left'],
])('the image mode %s is object-fit %s', async (mode, fit, position) => {
  const { find } = await open(`<image mode="${mode}" data-testid="image" src="x" />`)
  const style = find('image').querySelector('img')?.style
  // jsdom reorders the keywords of object-position.
  expect([style?.objectFit, style?.objectPosition.split(' ').sort().join(' ')]).toEqual([
    fit,
    position.split(' ').sort().join(' '),
  ])
})

test('an image fires load and error', async () => {
  const phone = await open(
    '<image src="gone.png" data-testid="image" bindload="add" binderror="note" />',
  )
  const picture = phone.find('image').querySelector('img') as HTMLImageElement
  picture.dispatchEvent(new Event('load'))
  picture.dispatchEvent(new Event('error'))
  expect(events(phone)).toEqual(['load', ['error', { errMsg: 'GET gone.png failed' }]])
})
