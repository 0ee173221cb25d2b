import { expect, test } from 'vitest'
import { createHeadlessStage } from './headless-stage.ts'

const paths = (stage: ReturnType<typeof createHeadlessStage>) => stage.pages.map(({ path }) => path)

test('keeps the page stack', async () => {
  const stage = createHeadlessStage()
  await stage.navigateTo('/pages/login/login?from=home&name=%E5%B0%8F')
  expect(stage.pages.at(-1)).toEqual({
    path: 'pages/login/login',
    query: { from: 'home', name: '小' },
    title: '',
  })
  await stage.redirectTo('../me/me')
  expect(paths(stage)).toEqual(['pages/index/index', 'pages/me/me'])
  await stage.navigateBack(1)
  expect(paths(stage)).toEqual(['pages/index/index'])
  await stage.reLaunch('/pages/me/me')
  expect(paths(stage)).toEqual(['pages/me/me'])
})

test('going back further than there are pages ends at the first', async () => {
  const stage = createHeadlessStage()
  await stage.navigateTo('/a')
  await stage.navigateTo('/b')
  await stage.navigateBack(9)
  expect(paths(stage)).toEqual(['pages/index/index'])
  await expect(stage.navigateBack(1)).rejects.toThrow('cannot navigate back at first page')
})

test('ten pages are as deep as it goes', async () => {
  const stage = createHeadlessStage()
  for (let page = 1; page < 10; page += 1) await stage.navigateTo(`/p${page}`)
  await expect(stage.navigateTo('/p10')).rejects.toThrow('webview count limit exceed')
  expect(stage.pages).toHaveLength(10)
})

test('tabs are switched to, other pages are navigated to', async () => {
  const stage = createHeadlessStage({
    pages: ['pages/index/index', 'pages/me/me', 'pages/login/login'],
    tabs: ['pages/index/index', 'pages/me/me'],
  })
  await expect(stage.navigateTo('/pages/me/me')).rejects.toThrow('tabbar page')
  await expect(stage.switchTab('/pages/login/login')).rejects.toThrow('no-tabBar page')
  await expect(stage.navigateTo('/pages/x')).rejects.toThrow('page "pages/x" is not found')
  await stage.navigateTo('/pages/login/login')
  await stage.switchTab('/pages/me/me')
  expect(paths(stage)).toEqual(['pages/me/me'])
})

test('shows what was shown and gives the prepared answers', async () => {
  const stage = createHeadlessStage()
  const modal = { title: 'Leave?', content: '', showCancel: true, cancelText: '', confirmText: '' }
  stage.answerModals(false)
  expect(await stage.showModal(modal)).toBe(false)
  expect(await stage.showModal(modal)).toBe(true)
  stage.answerActionSheets(-1)
  expect(await stage.showActionSheet(['a', 'b'])).toBe(-1)
  expect(await stage.showActionSheet(['a', 'b'])).toBe(0)
  const toast = { title: 'Saved', icon: 'success', duration: 1500 } as const
  stage.showToast(toast)
  expect(stage.toast).toEqual(toast)
  stage.hideToast()
  expect(stage.toast).toBe(undefined)
  stage.stopPullDownRefresh()
  stage.setNavigationBarTitle('Home')
  expect(stage).toMatchObject({
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
