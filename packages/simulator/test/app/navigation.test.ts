// @vitest-environment jsdom
import { expect, test } from 'vitest'
import type { ScreenHost } from '../../src/screen-host.ts'
import { compileFiles } from '../compile-files.ts'
import { start } from '../launch.ts'

async function startWithScreen(path?: string) {
  const stages: ScreenHost[] = []
  const lines: string[] = []
  const wx = (screen: ScreenHost) => {
    stages.push(screen)
    return { write: (line: string) => lines.push(line) }
  }
  const started = await start(path, { wx })
  const screen = (): ScreenHost => stages.at(-1) as ScreenHost
  const paths = () => started.simulator.pageStack().map(({ path }) => path.split('/')[1])
  return { ...started, screen, paths, lines }
}

const bar = (container: HTMLElement) => ({
  title: container.querySelector('.sim-nav h1')?.textContent,
  back: container.querySelector<HTMLElement>('[aria-label="返回"]'),
  home: container.querySelector<HTMLElement>('[aria-label="回到首页"]'),
})

test('a launch runs app, page and component lifetimes in WeChat’s order', async () => {
  const { lines } = await startWithScreen('pages/home/index?from=qr')
  expect(lines).toEqual([
    'launch pages/home/index',
    'app show',
    'card attached',
    'home load {"from":"qr"}',
    'card page show',
    'home show',
    'card ready',
    'home ready',
  ])
})

test('a navigator opens a page with its query, and the back button closes it', async () => {
  const { tap, find, container, simulator, lines } = await startWithScreen()
  tap('link')
  expect(find('detail').textContent).toBe('7')
  expect(simulator.pageStack().map(({ query }) => query)).toEqual([{}, { id: '7' }])
  expect(bar(container).title).toBe('Detail')
  expect(bar(container).back?.hidden).toBe(false)
  bar(container).back?.click()
  expect(find('title').textContent).toBe('<heLLo>')
  expect(lines.slice(-5)).toEqual([
    'home hide',
    'detail load',
    'detail unload',
    'card page show',
    'home show',
  ])
})

test('pages of tabs stay open until reLaunch closes them', async () => {
  const { container, paths, lines, screen } = await startWithScreen()
  const tab = (name: string) =>
    container.querySelector<HTMLElement>(`.sim-tabs [data-path="pages/${name}/index"]`)
  tab('me')?.click()
  expect(paths()).toEqual(['me'])
  expect(tab('me')?.getAttribute('aria-current')).toBe('page')
  tab('home')?.click()
  tab('me')?.click()
  expect(lines.filter((line) => line === 'me load')).toHaveLength(1)
  expect(lines).not.toContain('home unload')
  await screen().reLaunch('/pages/detail/index')
  expect(lines).toEqual(expect.arrayContaining(['home unload', 'me unload', 'card detached']))
  expect(container.querySelector<HTMLElement>('.sim-tabs')?.hidden).toBe(true)
  bar(container).home?.click()
  expect(paths()).toEqual(['home'])
})

test('redirectTo replaces the page on top', async () => {
  const { screen, paths } = await startWithScreen()
  await screen().navigateTo('/pages/detail/index')
  await screen().redirectTo('../form/index')
  expect(paths()).toEqual(['home', 'form'])
})

test("a refused navigation throws WeChat's message", async () => {
  const { screen, paths } = await startWithScreen()
  await expect(screen().navigateTo('/pages/nowhere')).rejects.toThrow(
    'page "pages/nowhere" is not found',
  )
  await expect(screen().navigateTo('/pages/me/index')).rejects.toThrow(
    'can not navigateTo a tabbar page',
  )
  await expect(screen().redirectTo('/pages/me/index')).rejects.toThrow(
    'can not redirectTo a tabbar page',
  )
  await expect(screen().switchTab('/pages/detail/index')).rejects.toThrow(
    'can not switch to no-tabBar page',
  )
  await expect(screen().navigateBack(1)).rejects.toThrow('cannot navigate back at first page.')
  for (let index = 1; index < 10; index += 1) await screen().navigateTo('/pages/detail/index')
  await expect(screen().navigateTo('/pages/detail/index')).rejects.toThrow(
    'webview count limit exceed',
  )
  await screen().navigateBack(20)
  expect(paths()).toEqual(['home'])
})

test('only the page on top is visible', async () => {
  const { tap, simulator } = await startWithScreen()
  tap('link')
  const frames = simulator.document.querySelectorAll<HTMLElement>('.sim-page')
  expect([...frames].slice(-2).map(({ hidden }) => hidden)).toEqual([true, false])
})

test('setNavigationBarTitle sets the title', async () => {
  const { screen, container } = await startWithScreen()
  screen().setNavigationBarTitle('Welcome')
  expect(bar(container).title).toBe('Welcome')
})

test('hide() and show() run the lifetimes of page and app in order', async () => {
  const { simulator, lines } = await startWithScreen()
  lines.length = 0
  simulator.hide()
  simulator.show()
  expect(lines).toEqual([
    'card page hide',
    'home hide',
    'app hide',
    'app show',
    'card page show',
    'home show',
  ])
})

test('a relaunch starts from an empty state, and the ended app has no effect any more', async () => {
  const { simulator, tap, find, screen, paths } = await startWithScreen()
  const killed = screen()
  tap('add')
  await simulator.relaunch()
  expect(find('none').textContent).toBe('none')
  killed.navigateTo('/pages/detail/index')
  expect(paths()).toEqual(['home'])
})

test('launching an unknown page rejects', async () => {
  const { simulator } = await startWithScreen()
  const original = console.error
  console.error = () => undefined
  await expect(simulator.launch('pages/old/index')).rejects.toThrow(
    'page "pages/old/index" is not found',
  )
  console.error = original
})

test('destroy removes everything from the container', async () => {
  const { simulator, container } = await startWithScreen()
  simulator.destroy()
  expect(container.childNodes).toHaveLength(0)
})

test('navigateBack closes the pages above from the top, at least one', async () => {
  const { screen, paths, lines } = await startWithScreen()
  await screen().navigateTo('/pages/detail/index?id=1')
  await screen().navigateTo('/pages/form/index')
  await screen().navigateTo('/pages/detail/index?id=2')
  await screen().navigateBack(0)
  expect(paths()).toEqual(['home', 'detail', 'form'])
  lines.length = 0
  await screen().reLaunch('/pages/detail/index')
  expect(lines.filter((line) => line.endsWith('unload'))).toEqual(['detail unload', 'home unload'])
})

test('switchTab closes the pages above the tab and drops the query', async () => {
  const { screen, simulator, lines } = await startWithScreen()
  await screen().navigateTo('/pages/detail/index')
  lines.length = 0
  await screen().switchTab('/pages/home/index?x=1')
  expect(lines).toEqual(['detail unload', 'card page show', 'home show'])
  await screen().switchTab('/pages/me/index?x=1')
  expect(simulator.pageStack().map(({ query }) => query)).toEqual([{}])
})

test('the launch options have the path, the query and the scene', async () => {
  const app = await compileFiles({
    'app.json': '{ "pages": ["page/index"] }',
    'app.js': `App({
      onLaunch(options) { wx.write(JSON.stringify(options)) },
      onShow(options) { wx.write(JSON.stringify(options)) },
      onThemeChange({ theme }) { wx.write(theme) },
    })`,
    'page/index.js': 'Page({})',
    'page/index.wxml': '<view />',
  })
  const { simulator, log } = await start('page/index?a=1%202', { app })
  const launchOptions = { path: 'page/index', query: { a: '1%202' }, scene: 1001, referrerInfo: {} }
  expect(log().map((line) => JSON.parse(line))).toEqual([launchOptions, launchOptions])
  simulator.setTheme('dark')
  simulator.setTheme('dark')
  expect(log().slice(2)).toEqual(['dark'])
  await simulator.relaunch()
  expect(JSON.parse(log()[3] ?? '')).toEqual(launchOptions)
})

test('hide() and show() run once until the other one', async () => {
  const { simulator, lines } = await startWithScreen()
  lines.length = 0
  simulator.show()
  simulator.hide()
  simulator.hide()
  expect(lines).toEqual(['card page hide', 'home hide', 'app hide'])
  await simulator.relaunch()
  lines.length = 0
  simulator.hide()
  expect(lines).toEqual(['card page hide', 'home hide', 'app hide'])
})

test('the scroll position of a page is restored, and a hidden page does not scroll', async () => {
  const { simulator, screen } = await startWithScreen()
  const frame = simulator.currentPage().parentElement as HTMLElement
  frame.scrollTop = 40
  await screen().navigateTo('/pages/detail/index')
  frame.scrollTop = 0
  await screen().navigateBack(1)
  expect(frame.scrollTop).toBe(40)
})
