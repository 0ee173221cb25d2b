import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { callWx, type SessionWx, WxCallError } from './call-wx.ts'

type LoginOptions = Parameters<SessionWx['login']>[0]

const login = (api: SessionWx['login'], timeout = 100) =>
  callWx({ login: api }, timeout, 'login', {})

describe('callWx', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    ['success', ({ success }: LoginOptions) => success({ code: 'c' })],
    ['failure', ({ fail }: LoginOptions) => fail({ errMsg: 'login:fail' })],
    [
      'exception',
      () => {
        throw new Error('no login')
      },
    ],
  ])('leaves no timer after a %s', async (_how, api) => {
    await login(api).catch(() => undefined)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('rejects when the API has not called back in time', async () => {
    let settled = false
    const call = login(() => undefined, 100).catch((error: unknown) => {
      settled = true
      return error
    })
    await vi.advanceTimersByTimeAsync(99)
    expect(settled).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await call).toMatchObject({
      name: 'WxCallError',
      message: 'login:fail timeout of 100 ms',
    })
  })

  it.each([
    [{ errMsg: 'login:fail 系统错误', errno: 1 }, 'login:fail 系统错误', 1],
    [{}, 'login:fail', undefined],
    [undefined, 'login:fail', undefined],
  ])('rejects with the failure %j', async (failure, message, errno) => {
    const error: unknown = await login(({ fail }) => fail(failure as object)).catch((e) => e)
    expect(error).toBeInstanceOf(WxCallError)
    expect(error).toMatchObject({ name: 'WxCallError', api: 'login', message, errno })
  })

  it('rejects with the message of an exception', async () => {
    const call = login(() => {
      throw new Error('no login')
    })
    await expect(call).rejects.toMatchObject({ message: 'login:fail no login' })
  })

  it('passes the options and its own callbacks', async () => {
    const api = vi.fn(({ success }: LoginOptions) => success({ code: 'c' }))
    const result = callWx({ login: api }, 100, 'login', { timeout: 7 })
    expect(await result).toEqual({ code: 'c' })
    expect(api).toHaveBeenCalledWith({
      timeout: 7,
      success: expect.any(Function),
      fail: expect.any(Function),
    })
  })
})
