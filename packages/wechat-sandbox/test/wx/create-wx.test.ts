import { expect, test, vi } from 'vitest'
import {
  type ApiFailure,
  createHeadlessScreen,
  createWx,
  type WxOptions,
} from '../../src/wx/index.ts'
import { appId } from '../sandbox-server.ts'

function phone(options: Partial<WxOptions> = {}) {
  const screen = createHeadlessScreen()
  const wx = createWx({ appId, user: 'ann', sandboxUrl: 'http://127.0.0.1:9', screen, ...options })
  return { wx, screen }
}

test('navigation reaches the screen host, with promises and with callbacks', async () => {
  const { wx, screen } = phone()
  expect(await wx.navigateTo({ url: '/pages/a?x=1' })).toEqual({ errMsg: 'navigateTo:ok' })
  expect(screen.pages.at(-1)).toMatchObject({ path: 'pages/a', query: { x: '1' } })
  const answer = vi.fn()
  await new Promise<void>((resolve) => {
    answer(wx.redirectTo({ url: '/pages/b', success: () => resolve() }))
  })
  expect(answer).toHaveBeenCalledWith(undefined)
  await wx.navigateBack()
  await wx.setNavigationBarTitle({ title: 'Home' })
  expect(screen.pages).toEqual([{ path: 'pages/index/index', query: {}, title: 'Home' }])
})

test('a navigation that the screen refuses fails with its reason', async () => {
  const { wx } = phone({ screen: createHeadlessScreen({ pages: ['pages/index/index'] }) })
  const failure = { errMsg: 'navigateTo:fail page "pages/x" is not found' }
  await expect(wx.navigateTo({ url: '/pages/x' })).rejects.toEqual(failure)
  const complete = vi.fn()
  const failed = await new Promise<ApiFailure>((fail) =>
    wx.navigateTo({ url: '/pages/x', fail, complete }),
  )
  expect(failed).toEqual(failure)
  expect(complete).toHaveBeenCalledExactlyOnceWith(failure)
  await expect(wx.switchTab({ url: '' })).rejects.toMatchObject({
    errMsg: expect.stringMatching(/^switchTab:fail parameter error/),
  })
})

test('a callback that throws neither turns success into failure nor stops complete', async () => {
  const { wx } = phone()
  const fail = vi.fn()
  const uncaught = new Promise((resolve) => {
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.once('uncaughtException', (error) => {
      for (const listener of before) process.on('uncaughtException', listener)
      resolve(error)
    })
  })
  await new Promise<void>((resolve) => {
    wx.stopPullDownRefresh({
      success: () => {
        throw new Error('mine')
      },
      fail,
      complete: () => resolve(),
    })
  })
  expect(await uncaught).toMatchObject({ message: 'mine' })
  expect(fail).not.toHaveBeenCalled()
})

test('toasts have the defaults of the phone; a loading toast has no end', async () => {
  const { wx, screen } = phone()
  await wx.showToast({ title: 'Saved' })
  expect(screen.toast).toEqual({ title: 'Saved', icon: 'success', duration: 1500 })
  await wx.showLoading({ title: 'Wait', mask: true })
  expect(screen.toast).toEqual({ title: 'Wait', icon: 'loading', duration: Infinity })
  await wx.hideLoading()
  expect(screen.toast).toBe(undefined)
})

test('showModal returns the answer', async () => {
  const { wx, screen } = phone()
  screen.answerModals(false)
  expect(await wx.showModal({ content: 'Sure?' })).toEqual({
    confirm: false,
    cancel: true,
    errMsg: 'showModal:ok',
  })
  expect(screen.modals).toEqual([
    { title: '', content: 'Sure?', showCancel: true, cancelText: '取消', confirmText: '确定' },
  ])
  await expect(wx.showModal({ confirmText: '超过四个字' })).rejects.toMatchObject({
    errMsg: expect.stringMatching(/^showModal:fail confirmText/),
  })
})

test('showActionSheet returns the index and fails when cancelled', async () => {
  const { wx, screen } = phone()
  screen.answerActionSheets(1, -1)
  expect(await wx.showActionSheet({ itemList: ['a', 'b'] })).toMatchObject({ tapIndex: 1 })
  await expect(wx.showActionSheet({ itemList: ['a'] })).rejects.toEqual({
    errMsg: 'showActionSheet:fail cancel',
  })
  await expect(wx.showActionSheet({ itemList: [...'1234567'] })).rejects.toMatchObject({
    errMsg: expect.stringMatching(/^showActionSheet:fail parameter error/),
  })
})

test('account, app, system and device information come from the options', async () => {
  const { wx } = phone({ envVersion: 'release', version: '1.2.3', theme: () => 'dark' })
  expect(wx.getAccountInfoSync()).toEqual({
    miniProgram: { appId, envVersion: 'release', version: '1.2.3' },
  })
  expect(wx.getAppBaseInfo().theme).toBe('dark')
  expect(wx.getSystemInfoSync()).toMatchObject({ platform: 'devtools', windowWidth: 375 })
  expect(await wx.getNetworkType()).toMatchObject({ networkType: 'wifi' })
  const button = wx.getMenuButtonBoundingClientRect()
  expect(button.right).toBeLessThan(wx.getWindowInfo().screenWidth)
})

test('the development version reports no version number', () => {
  const { wx } = phone({ version: '1.2.3' })
  expect(wx.getAccountInfoSync().miniProgram).toEqual({ appId, envVersion: 'develop', version: '' })
})

test.each([
  ['login', true],
  ['request.object.timeout', true],
  ['button.open-type.chooseAvatar', true],
  ['button.open-type.flyToMoon', false],
  ['getBatteryInfo', false],
  ['toString', false],
])('canIUse(%s) is %s', (schema, expected) => {
  expect(phone().wx.canIUse(schema)).toBe(expected)
})

test('nextTick runs after the current task', async () => {
  const order: string[] = []
  await new Promise<void>((resolve) => {
    phone().wx.nextTick(() => {
      order.push('tick')
      resolve()
    })
    order.push('now')
  })
  expect(order).toEqual(['now', 'tick'])
})

test('an API runs after the current task, and complete is called after success or fail', async () => {
  const { wx, screen } = phone()
  const order: string[] = []
  await new Promise<void>((resolve) => {
    wx.showToast({
      title: 'Saved',
      success: () => order.push('success'),
      fail: () => order.push('fail'),
      complete: () => {
        order.push('complete')
        resolve()
      },
    })
    order.push('returned')
    expect(screen.toast).toBe(undefined)
  })
  expect(order).toEqual(['returned', 'success', 'complete'])
})

test.each(['success', 'fail', 'complete'])(
  'with the callback %s an API returns undefined',
  (name) => {
    const { wx } = phone()
    expect(wx.hideToast({ [name]: () => undefined })).toBe(undefined)
    expect(wx.hideToast({})).toBeInstanceOf(Promise)
  },
)

test('a modal button has up to four characters and an action sheet one to six items', async () => {
  const { wx } = phone()
  expect(await wx.showModal({ confirmText: '四个字符', cancelText: '😀😀😀😀' })).toMatchObject({
    confirm: true,
  })
  await expect(wx.showModal({ cancelText: '超过四个字' })).rejects.toMatchObject({
    errMsg: 'showModal:fail cancelText length should not be larger than 4 characters',
  })
  expect(await wx.showActionSheet({ itemList: [...'123456'] })).toMatchObject({ tapIndex: 0 })
  await expect(wx.showActionSheet({ itemList: [] })).rejects.toMatchObject({
    errMsg: 'showActionSheet:fail parameter error: itemList should have 1 to 6 items',
  })
})

test.each([
  ['develop', ''],
  ['trial', ''],
  ['release', '1.2.3'],
] as const)('the %s version reports the version number "%s"', (envVersion, version) => {
  const { wx } = phone({ envVersion, version: '1.2.3' })
  expect(wx.getAccountInfoSync().miniProgram).toEqual({ appId, envVersion, version })
})

test('window, device, base and capsule button have the values of the simulated phone', () => {
  const { wx } = phone()
  const window = {
    pixelRatio: 3,
    screenWidth: 375,
    screenHeight: 812,
    screenTop: 88,
    windowWidth: 375,
    windowHeight: 724,
    statusBarHeight: 44,
    safeArea: { left: 0, top: 44, right: 375, bottom: 778, width: 375, height: 734 },
  }
  expect(wx.getWindowInfo()).toEqual(window)
  expect(wx.getSystemInfoSync()).toEqual({
    ...window,
    ...wx.getDeviceInfo(),
    ...wx.getAppBaseInfo(),
  })
  expect(wx.getAppBaseInfo()).toEqual({
    SDKVersion: '3.8.0',
    version: '8.0.60',
    language: 'zh_CN',
    theme: 'light',
    enableDebug: false,
    host: { appId: 'wx5aa333606550dfd5' },
  })
  expect(wx.getMenuButtonBoundingClientRect()).toEqual({
    left: 281,
    top: 50,
    right: 368,
    bottom: 82,
    width: 87,
    height: 32,
  })
})
