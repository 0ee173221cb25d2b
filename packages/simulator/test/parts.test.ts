// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { start } from './launch.ts'

const open = (path?: string) => start(path, { fixture: 'parts' })

test('a page made by Component() gets its query as properties and in onLoad', async () => {
  const { find, log } = await open('pages/parts/index?from=qr')
  expect(find('from').textContent).toBe('qr')
  expect(log()).toContain('load qr pages/parts/index 1')
})

test('a page may go elsewhere in onLoad, and is then never shown', async () => {
  const { simulator, log } = await open('pages/parts/leaving')
  expect(simulator.pageStack().map(({ path }) => path)).toEqual(['pages/parts/index'])
  expect(log()).toEqual(['leaving unload', 'load there pages/parts/index 1', 'ready a'])
})

test('relations link parents and children, and a later component is made ready too', async () => {
  const { find, tap, log } = await open()
  expect(find('count').textContent).toBe('1')
  tap('marked')
  await Promise.resolve()
  expect(find('count').textContent).toBe('2')
  expect(log().slice(-2)).toEqual(['ready a', 'ready n1'])
})

test('a component with wx://form-field is part of its form', async () => {
  const { tap, data } = await open()
  tap('submit')
  expect(data()['submitted']).toEqual({ picked: 'from a component' })
})

test('a virtual host leaves no tag', async () => {
  const { find } = await open()
  expect(find('ghost').parentElement?.tagName).toBe('WX-PAGE')
})

test('a script may share its styles', async () => {
  const { find, simulator } = await open()
  expect(find('loud').className).toBe('loud own')
  const sheet = simulator.document.querySelector('style[data-path="components/loud/index"]')
  expect(sheet?.textContent?.trim()).toBe('.own { font-weight: 700; }')
})

test('captured events come first, with marks, whole data in the dataset, and a role', async () => {
  const { find, tap, data } = await open()
  tap('marked')
  expect(data()['seen']).toEqual(['before here', 'tap 1 '])
  expect(find('marked').getAttribute('role')).toBe('button')
  expect(find('marked').getAttribute('aria-label')).toBe('mark it')
  expect(find('marked').tabIndex).toBe(0)
})

test('an error in onLoad is told to App.onError and to the listener, and the page stays', async () => {
  const original = console.error
  console.error = () => undefined
  const { log, simulator } = await open('pages/parts/broken')
  console.error = original
  expect(log()).toEqual(['app error cannot load'])
  expect(simulator.pageStack()).toHaveLength(1)
})
