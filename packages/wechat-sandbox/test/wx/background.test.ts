import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ApiFailure, NetworkType } from '../../src/wx/index.ts'
import { createPhone } from './phone.ts'

// https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

const silence: typeof globalThis.fetch = () => new Promise(() => {})
const interrupted = { errMsg: 'request:fail interrupted', errno: 600003 }

function start(fetch = silence) {
  const { wx, screen } = createPhone({ fetch })
  const request = () => {
    const fail = vi.fn<(failure: ApiFailure) => void>()
    wx.request({ url: 'http://service.test/', fail })
    return fail
  }
  return { wx, screen, request }
}

test('unfinished requests are interrupted five seconds after the app was hidden', async () => {
  const { screen, request } = start()
  const before = request()
  screen.hide()
  const after = request()
  await vi.advanceTimersByTimeAsync(4_999)
  expect(before).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(before).toHaveBeenCalledExactlyOnceWith(interrupted)
  expect(after).toHaveBeenCalledExactlyOnceWith(interrupted)
})

test('queued requests are interrupted too', async () => {
  const { screen, request } = start()
  const all = Array.from({ length: 12 }, request)
  screen.hide()
  await vi.advanceTimersByTimeAsync(5_000)
  for (const fail of all) expect(fail).toHaveBeenCalledExactlyOnceWith(interrupted)
})

test('a return within five seconds interrupts nothing; a later one restores the network', async () => {
  const { screen, request } = start()
  const kept = request()
  screen.hide()
  await vi.advanceTimersByTimeAsync(4_000)
  screen.show()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(kept).not.toHaveBeenCalled()
  screen.hide()
  await vi.advanceTimersByTimeAsync(5_000)
  const refused = request()
  await vi.advanceTimersByTimeAsync(0)
  expect(refused).toHaveBeenCalledExactlyOnceWith(interrupted)
  screen.show()
  const again = request()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(again).not.toHaveBeenCalled()
})

test('onAppShow and onAppHide listeners are called until they are removed', () => {
  const { wx, screen } = start()
  const heard: string[] = []
  const hide = () => heard.push('hide')
  wx.onAppHide(hide)
  wx.onAppShow(() => heard.push('show'))
  screen.hide()
  screen.show()
  wx.offAppHide(hide)
  wx.offAppShow()
  screen.hide()
  screen.show()
  expect(heard).toEqual(['hide', 'show'])
})

test('without a network no request is sent and the failure says so', async () => {
  let networkType: NetworkType = 'none'
  const fetch = vi.fn(silence)
  let changed = (): void => undefined
  const { wx } = createPhone({
    fetch,
    networkType: () => networkType,
    watchNetwork: (listener) => {
      changed = listener
    },
  })
  const fail = vi.fn()
  wx.login({ fail })
  wx.request({ url: 'http://service.test/', fail })
  await vi.advanceTimersByTimeAsync(0)
  expect(fail.mock.calls).toEqual(
    expect.arrayContaining([
      [{ errMsg: 'login:fail net::ERR_INTERNET_DISCONNECTED', errno: 600001 }],
      [{ errMsg: 'request:fail net::ERR_INTERNET_DISCONNECTED', errno: 600001 }],
    ]),
  )
  expect(fetch).not.toHaveBeenCalled()
  const heard: unknown[] = []
  wx.onNetworkStatusChange((status) => heard.push(status))
  networkType = '4g'
  changed()
  expect(heard).toEqual([{ isConnected: true, networkType: '4g' }])
  expect(await wx.getNetworkType()).toMatchObject({ networkType: '4g' })
})

test('a login during which the network is lost fails with 600001', async () => {
  let networkType: NetworkType = 'wifi'
  const fetch: typeof globalThis.fetch = async () => {
    networkType = 'none'
    throw new TypeError('net::ERR_INTERNET_DISCONNECTED')
  }
  const { wx } = createPhone({ fetch, networkType: () => networkType })
  const failed = new Promise((fail) => wx.login({ fail }))
  expect(await failed).toEqual({
    errMsg: 'login:fail net::ERR_INTERNET_DISCONNECTED',
    errno: 600001,
  })
})

test('getUpdateManager reports no update', async () => {
  const { wx } = createPhone()
  const heard: unknown[] = []
  wx.getUpdateManager().onCheckForUpdate((result) => heard.push(result))
  await vi.advanceTimersByTimeAsync(0)
  expect(heard).toEqual([{ hasUpdate: false }])
})

test('setClipboardData shows a toast and getClipboardData returns the text', async () => {
  const { wx, screen } = createPhone()
  screen.tapAgree('ok')
  await wx.setClipboardData({ data: 'demo' })
  expect(screen.toast).toMatchObject({ title: '内容已复制' })
  expect(await wx.getClipboardData()).toMatchObject({ data: 'demo' })
})
