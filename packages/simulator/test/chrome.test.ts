// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest'
import type { Modal, ScreenHost } from '../src/screen-host.ts'
import { compileFiles } from './compile-files.ts'
import { start } from './launch.ts'

async function startWithScreen() {
  let screen: ScreenHost | undefined
  const started = await start(undefined, {
    wx: (screenHost) => {
      screen = screenHost
      return { write: () => undefined }
    },
  })
  const query = (selector: string) => started.container.querySelector<HTMLElement>(selector)
  return { ...started, screen: screen as unknown as ScreenHost, query }
}

const modal: Modal = {
  title: 'Sure?',
  content: 'It cannot be undone.',
  showCancel: true,
  cancelText: 'No',
  confirmText: 'Yes',
}

const nextTask = () => Promise.resolve()

const press = (key: string, options: KeyboardEventInit = {}) =>
  document.activeElement?.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options }),
  )

afterEach(() => {
  vi.useRealTimers()
})

test('a toast is announced and disappears after its duration', async () => {
  const { screen, query } = await startWithScreen()
  vi.useFakeTimers()
  screen.showToast({ title: 'Saved', icon: 'success', duration: 1500 })
  expect(query('[role=status]')?.textContent).toBe('Saved')
  vi.advanceTimersByTime(1500)
  expect(query('[role=status]')?.textContent).toBe('')
})

test('a loading toast stays until it is hidden', async () => {
  const { screen, query } = await startWithScreen()
  vi.useFakeTimers()
  screen.showToast({ title: 'Wait', icon: 'loading', duration: Number.POSITIVE_INFINITY })
  vi.advanceTimersByTime(60_000)
  expect(query('[role=status]')?.textContent).toBe('Wait')
  screen.hideToast()
  expect(query('[role=status]')?.textContent).toBe('')
})

test('a modal traps the focus, restores it, and resolves with the answer', async () => {
  const { screen, query, find } = await startWithScreen()
  find('add').focus()
  const answer = screen.showModal(modal)
  await nextTask()
  expect(query('[role=dialog]')?.getAttribute('aria-label')).toBe('Sure?')
  expect(document.activeElement).toBe(query('[role=dialog]'))
  const reached = [1, 2, 3].map(() => {
    press('Tab')
    return document.activeElement?.textContent
  })
  expect(reached).toEqual(['No', 'Yes', 'No'])
  press('Tab', { shiftKey: true })
  expect(document.activeElement?.textContent).toBe('Yes')
  ;(document.activeElement as HTMLElement).click()
  expect(await answer).toBe(true)
  expect(query('[role=dialog]')).toBeNull()
  expect(document.activeElement).toBe(find('add'))
})

test('Enter confirms a modal and Escape cancels it', async () => {
  const { screen } = await startWithScreen()
  const confirmed = screen.showModal(modal)
  await nextTask()
  press('Enter')
  expect(await confirmed).toBe(true)
  const answer = screen.showModal(modal)
  await nextTask()
  press('Escape')
  expect(await answer).toBe(false)
})

test('a second modal waits for the first', async () => {
  const { screen, query } = await startWithScreen()
  const first = screen.showModal(modal)
  const second = screen.showModal({ ...modal, title: 'Really?' })
  await nextTask()
  expect(query('[role=dialog] h2')?.textContent).toBe('Sure?')
  press('Escape')
  await first
  await nextTask()
  expect(query('[role=dialog] h2')?.textContent).toBe('Really?')
  press('Escape')
  expect(await second).toBe(false)
})

test('an action sheet resolves with an index, or -1 for a tap outside', async () => {
  const { screen, query } = await startWithScreen()
  const chosen = screen.showActionSheet(['One', 'Two'])
  await nextTask()
  query('.sim-sheet button:nth-child(2)')?.click()
  expect(await chosen).toBe(1)
  const cancelled = screen.showActionSheet(['One'])
  await nextTask()
  query('.sim-mask')?.click()
  expect(await cancelled).toBe(-1)
})

test('a relaunch removes dialogs and toasts', async () => {
  const { screen, query, simulator } = await startWithScreen()
  screen.showModal(modal)
  screen.showToast({ title: 'Saved', icon: 'none', duration: 1500 })
  await nextTask()
  await simulator.relaunch()
  expect(query('[role=dialog]')).toBeNull()
  expect(query('[role=status]')?.textContent).toBe('')
})

test('the theme applies to the bars, through theme.json, and to the pages', async () => {
  const { simulator, query } = await startWithScreen()
  expect(query('.sim-nav')?.style.getPropertyValue('--nav-back')).toBe('#ffffff')
  simulator.setTheme('dark')
  expect(query('.sim-nav')?.style.getPropertyValue('--nav-back')).toBe('#111111')
  expect(query('.sim-viewport')?.dataset['theme']).toBe('dark')
  expect(query('.sim-phone')?.dataset['theme']).toBe('dark')
})

test('pulling a page down refreshes it until stopPullDownRefresh', async () => {
  const { screen, simulator, query, data } = await startWithScreen()
  const frame = simulator.currentPage().parentElement as HTMLElement
  const pointer = (type: string, clientY: number) =>
    frame.dispatchEvent(new MouseEvent(type, { clientY, bubbles: true, cancelable: true }))
  pointer('pointerdown', 10)
  pointer('pointermove', 140)
  pointer('pointerup', 140)
  expect(data()['greeting']).toBe('pulled')
  expect(query('.sim-pull')?.hidden).toBe(false)
  screen.stopPullDownRefresh()
  expect(query('.sim-pull')?.hidden).toBe(true)
})

test('a second toast stays for its own duration', async () => {
  const { screen, query } = await startWithScreen()
  vi.useFakeTimers()
  screen.showToast({ title: 'One', icon: 'none', duration: 1000 })
  vi.advanceTimersByTime(900)
  screen.showToast({ title: 'Two', icon: 'none', duration: 1000 })
  vi.advanceTimersByTime(999)
  expect(query('[role=status]')?.textContent).toBe('Two')
  vi.advanceTimersByTime(1)
  expect(query('[role=status]')?.textContent).toBe('')
})

test('a modal without cancel has one button, and Escape still cancels it', async () => {
  const { screen, query } = await startWithScreen()
  const answer = screen.showModal({ ...modal, showCancel: false })
  await nextTask()
  expect(query('[role=dialog]')?.querySelectorAll('button')).toHaveLength(1)
  press('Escape')
  expect(await answer).toBe(false)
})

test('a tap outside does not close a modal', async () => {
  const { screen, query } = await startWithScreen()
  void screen.showModal(modal)
  await nextTask()
  query('.sim-mask')?.click()
  expect(query('[role=dialog]')).not.toBeNull()
})

const twoPages = (app: object, page: object = {}) =>
  compileFiles({
    'app.json': JSON.stringify({ pages: ['page/a', 'page/b'], ...app }),
    'page/a.js': 'Page({})',
    'page/a.json': JSON.stringify(page),
    'page/a.wxml': '<view />',
    'page/b.js': 'Page({})',
    'page/b.wxml': '<view />',
  })

test('the JSON of a page overrides the window of app.json', async () => {
  const window = { navigationBarTitleText: 'App', navigationBarBackgroundColor: '#111111' }
  const page = { navigationBarTitleText: 'Page', navigationStyle: 'custom' }
  const { container, screen } = await start(undefined, { app: await twoPages({ window }, page) })
  const bar = container.querySelector<HTMLElement>('.sim-nav')
  const shown = () => [
    bar?.querySelector('h1')?.textContent,
    bar?.style.getPropertyValue('--nav-back'),
    bar?.hasAttribute('data-custom'),
  ]
  expect(shown()).toEqual(['Page', '#111111', true])
  await screen().navigateTo('/page/b')
  expect(shown()).toEqual(['App', '#111111', false])
})

test('the first page has no button, a page above has back, another page alone has home', async () => {
  const { container, screen } = await start(undefined, { app: await twoPages({}) })
  const buttons = () =>
    [...container.querySelectorAll<HTMLElement>('.sim-nav button')]
      .filter(({ hidden }) => !hidden)
      .map((button) => button.getAttribute('aria-label'))
  expect(buttons()).toEqual([])
  await screen().navigateTo('/page/b')
  expect(buttons()).toEqual(['返回'])
  await screen().reLaunch('/page/b')
  expect(buttons()).toEqual(['回到首页'])
})

test('a mini program without darkmode stays light', async () => {
  const { container, simulator } = await start(undefined, { app: await twoPages({}) })
  simulator.setTheme('dark')
  expect(container.querySelector<HTMLElement>('.sim-viewport')?.dataset['theme']).toBe('light')
  expect(container.querySelector<HTMLElement>('.sim-phone')?.dataset['theme']).toBe('dark')
})

test.each([
  [109, 'hello'],
  [110, 'pulled'],
])(
  'a page follows a pull at half the distance and refreshes from 50 pixels on: 10 to %i is %s',
  async (y, greeting) => {
    const { simulator, data } = await startWithScreen()
    const frame = simulator.currentPage().parentElement as HTMLElement
    for (const [type, clientY] of [
      ['down', 10] as const,
      ['move', y] as const,
      ['up', y] as const,
    ]) {
      frame.dispatchEvent(new MouseEvent(`pointer${type}`, { clientY, bubbles: true }))
    }
    expect(data()['greeting']).toBe(greeting)
  },
)

test('a page without enablePullDownRefresh cannot be pulled', async () => {
  const app = await twoPages({})
  const { simulator, container } = await start(undefined, { app })
  const frame = simulator.currentPage().parentElement as HTMLElement
  for (const [type, clientY] of [['down', 0] as const, ['move', 300] as const]) {
    frame.dispatchEvent(new MouseEvent(`pointer${type}`, { clientY, bubbles: true }))
  }
  expect(frame.style.marginTop).toBe('')
  expect(container.querySelector<HTMLElement>('.sim-pull')?.hidden).toBe(true)
})
