// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { type ApiFailure, createWx } from '../../src/wx/index.ts'
import { appId, startSandbox } from '../sandbox-server.ts'

test('login, storage and request work with the globals of jsdom', async () => {
  const { url } = await startSandbox()
  const wx = createWx({ appId, user: 'ann', sandboxUrl: url, storage: localStorage })
  const { code } = await new Promise<{ code: string }>((success, fail) =>
    wx.login({ timeout: 5000, success, fail }),
  )
  wx.setStorageSync('code', code)
  expect(localStorage.getItem(`wx:${appId}:ann:code`)).toContain(code)
  const reply = await new Promise<{ data: unknown }>((success, fail) =>
    wx.request({ url: `${url}/sandbox/calls`, success, fail }),
  )
  expect(reply.data).toEqual({ calls: [] })
})

test('a request can be aborted in jsdom', async () => {
  const { url } = await startSandbox()
  const wx = createWx({ appId, user: 'ann', sandboxUrl: url })
  const failure = await new Promise<ApiFailure>((fail) => {
    wx.request({ url: `${url}/sandbox/calls`, fail }).abort()
  })
  expect(failure.errMsg).toBe('request:fail abort')
})
