// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { type Started, start } from '../launch.ts'

const open = () => start('pages/form/index')

const control = ({ find }: Started, testId: string): HTMLInputElement => {
  const found = find(testId).querySelector<HTMLInputElement>('input, textarea')
  if (!found) throw new Error(`${testId} holds no control`)
  return found
}

function type(started: Started, testId: string, text: string): void {
  const field = control(started, testId)
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

const lastEvent = ({ data }: Started): unknown => (data()['events'] as unknown[]).at(-1)

test('typing fires input once and updates model:value', async () => {
  const started = await open()
  type(started, 'name', 'Ann')
  expect(started.data()['name']).toBe('Ann')
  expect(started.data()['events']).toEqual([['input', { value: 'Ann', cursor: 3, keyCode: 0 }]])
})

test('blur and Enter fire events with the value', async () => {
  const started = await open()
  type(started, 'name', 'Ann')
  const field = control(started, 'name')
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  expect(lastEvent(started)).toEqual(['confirm', { value: 'Ann' }])
  field.dispatchEvent(new FocusEvent('blur'))
  expect(lastEvent(started)).toMatchObject(['blur', { value: 'Ann' }])
})

test('password, maxlength and placeholder apply to the input', async () => {
  const started = await open()
  expect(control(started, 'secret').type).toBe('password')
  expect(control(started, 'name').maxLength).toBe(8)
  const hint = started.find('name').querySelector<HTMLElement>('wx-sim-hint')
  expect(hint?.textContent).toBe('Your name')
  expect(hint?.className).toBe('hint')
  expect(hint?.hidden).toBe(false)
  type(started, 'name', 'A')
  expect(hint?.hidden).toBe(true)
})

test('a form collects its named controls', async () => {
  const started = await open()
  type(started, 'name', 'Ann')
  type(started, 'about', 'new')
  started.tap('agree')
  started.tap('tag-a')
  started.tap('size-l')
  started.tap('submit')
  expect(started.data()['submitted']).toEqual({
    name: 'Ann',
    secret: '',
    about: 'new',
    agree: true,
    tags: ['a', 'b'],
    size: 'l',
  })
})

test('a reset restores the initial values', async () => {
  const started = await open()
  type(started, 'name', 'Ann')
  type(started, 'about', 'new')
  started.tap('tag-b')
  started.tap('size-l')
  started.tap('reset')
  expect(lastEvent(started)).toEqual(['reset', {}])
  started.tap('submit')
  expect(started.data()['submitted']).toMatchObject({
    name: '',
    about: 'old',
    tags: ['b'],
    size: 's',
  })
})

test('a switch and a group of checkboxes fire change', async () => {
  const started = await open()
  started.tap('agree')
  expect(lastEvent(started)).toEqual(['change', { value: true }])
  expect(started.find('agree').getAttribute('aria-checked')).toBe('true')
  started.tap('tag-a')
  expect(lastEvent(started)).toEqual(['change', { value: ['a', 'b'] }])
})

test('a tap on a label taps the control inside or the one that `for` names', async () => {
  const started = await open()
  started.find('tag-a').parentElement?.click()
  expect(lastEvent(started)).toEqual(['change', { value: ['a', 'b'] }])
  started.simulator.currentPage().querySelector<HTMLElement>('wx-label')?.click()
  expect(document.activeElement).toBe(control(started, 'name'))
})

test('a disabled button ignores taps', async () => {
  const started = await open()
  started.tap('disabled')
  expect(started.data()['events']).toEqual([])
})

test('buttons and switches are focusable and react to keys', async () => {
  const started = await open()
  const agree = started.find('agree')
  expect(agree.tabIndex).toBe(0)
  agree.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true }))
  expect(lastEvent(started)).toEqual(['change', { value: true }])
  expect(started.find('submit').getAttribute('role')).toBe('button')
  expect(started.find('disabled').tabIndex).toBe(-1)
})

test('getPhoneNumber fires the result of openType.getPhoneNumber', async () => {
  const answers = [{ code: 'p-1' }, { errMsg: 'getPhoneNumber:fail user deny', errno: 103 }]
  const getPhoneNumber = async () => answers.shift() as { code: string }
  const started = await start('pages/form/index', { openType: { getPhoneNumber } })
  started.tap('phone')
  await expect
    .poll(() => lastEvent(started))
    .toEqual(['getphonenumber', { errMsg: 'getPhoneNumber:ok', code: 'p-1' }])
  started.tap('phone')
  await expect
    .poll(() => lastEvent(started))
    .toEqual(['getphonenumber', { errMsg: 'getPhoneNumber:fail user deny', errno: 103 }])
})

test('chooseAvatar fires the chosen picture', async () => {
  const chooseAvatar = async () => ({ avatarUrl: 'https://example.org/a.png' })
  const started = await start('pages/form/index', { openType: { chooseAvatar } })
  started.tap('avatar')
  await expect
    .poll(() => lastEvent(started))
    .toEqual(['chooseavatar', { avatarUrl: 'https://example.org/a.png' }])
})

test('rich-text drops scripts and event attributes', async () => {
  const { find } = await open()
  expect(find('rich').innerHTML).toBe('<p class="x">rich <b>text</b></p>')
})
