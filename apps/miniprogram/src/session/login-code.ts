import { WxCallError } from '@mianmi/wx-session'

/** In ms. Some clients never call back. */
const timeout = 10_000

/**
 * A fresh login code of this WeChat, for a call that an access token alone must not make.
 *
 * @throws WxCallError where wx.login fails, or does not call back
 */
export function loginCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (failure: { errMsg: string }): void => {
      clearTimeout(timer)
      reject(new WxCallError('login', failure))
    }
    const timer = setTimeout(() => fail({ errMsg: 'login:fail timeout' }), timeout)
    wx.login({
      timeout,
      success: ({ code }) => {
        clearTimeout(timer)
        resolve(code)
      },
      fail,
    })
  })
}
