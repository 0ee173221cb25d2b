import { expect, test } from 'vitest'
import { createHeadlessScreen } from './headless-screen.ts'

const paths = (screen: ReturnType<typeof createHeadlessScreen>) =>
  screen.pages.map(({ path }) => path)

test('navigation changes the page stack', async () => {
  const screen = createHeadlessScreen()
  await screen.navigateTo('/pages/login/login?from=home&name=%E5%B0%8F')
  expect(screen.pages.at(-1)).toEqual({
    path: 'pages/login/login',
    query: { from: 'home', name: '小' },
    title: '',
  })
  await screen.redirectTo('../me/me')
  expect(paths(screen)).toEqual(['pages/index/index', 'pages/me/me'])
  await screen.navigateBack(1)
  expect(paths(screen)).toEqual(['pages/index/index'])
  await screen.reLaunch('/pages/me/me')
  expect(paths(screen)).toEqual(['pages/me/me'])
})

test('navigateBack beyond the first page ends at the first page', async () => {
  const screen = createHeadlessScreen()
  await screen.navigateTo('/a')
  await screen.navigateTo('/b')
  await screen.navigateBack(9)
  expect(paths(screen)).toEqual(['pages/index/index'])
  await expect(screen.navigateBack(1)).rejects.toThrow('cannot navigate back at first page')
})

test('the page stack holds ten pages', async () => {
  const screen = createHeadlessScreen()
  for (let page = 1; page < 10; page += 1) await screen.navigateTo(`/p${page}`)
  await expect(screen.navigateTo('/p10')).rejects.toThrow('webview count limit exceed')
  expect(screen.pages).toHaveLength(10)
})

test('switchTab opens tabs only, navigateTo other pages only', async () => {
  const screen = createHeadlessScreen({
    pages: ['pages/index/index', 'pages/me/me', 'pages/login/login'],
    tabs: ['pages/index/index', 'pages/me/me'],
  })
  await expect(screen.navigateTo('/pages/me/me')).rejects.toThrow('tabbar page')
  await expect(screen.switchTab('/pages/login/login')).rejects.toThrow('no-tabBar page')
  await expect(screen.navigateTo('/pages/x')).rejects.toThrow('page "pages/x" is not found')
  await screen.navigateTo('/pages/login/login')
  await screen.switchTab('/pages/me/me')
  expect(paths(screen)).toEqual(['pages/me/me'])
})

test('dialogs are recorded and return the prepared answers', async () => {
  const screen = createHeadlessScreen()
  const modal = { title: 'Leave?', content: '', showCancel: true, cancelText: '', confirmText: '' }
  screen.answerModals(false)
  expect(await screen.showModal(modal)).toBe(false)
  expect(await screen.showModal(modal)).toBe(true)
  screen.answerActionSheets(-1)
  expect(await screen.showActionSheet(['a', 'b'])).toBe(-1)
  expect(await screen.showActionSheet(['a', 'b'])).toBe(0)
  const toast = { title: 'Saved', icon: 'success', duration: 1500 } as const
  screen.showToast(toast)
  expect(screen.toast).toEqual(toast)
  screen.hideToast()
  expect(screen.toast).toBe(undefined)
  screen.stopPullDownRefresh()
  screen.setNavigationBarTitle('Home')
  expect(screen).toMatchObject({
    toasts: [toast],
    modals: [modal, modal],
    actionSheets: [
      ['a', 'b'],
      ['a', 'b'],
    ],
    pullDownStops: 1,
    pages: [{ title: 'Home' }],
  })
})
