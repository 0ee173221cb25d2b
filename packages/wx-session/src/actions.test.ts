import { describe, expect, it } from 'vitest'
import { actionOfWxError, faultOfWxError } from './actions.ts'
import { WxCallError } from './session/call-wx.ts'
import { withTimeLimit } from './session/time-limit.ts'

describe('the action for a failure of a wx API', () => {
  it.each([
    ['login:fail', undefined, 'retry'],
    ['login:fail timeout', undefined, 'retry'],
    ['request:fail interrupted', 600003, 'retry'],
    ['request:fail url not in domain list', 600002, 'contactAdmin'],
    ['request:fail invalid url "x"', 600009, 'contactAdmin'],
    ['request:fail 超时', 5, 'retry'],
    ['authorize:fail auth deny', undefined, 'openSettings'],
    ['fail:auth deny', undefined, 'openSettings'],
    ['authorize:fail 拒绝', 103, 'openSettings'],
    ['authorize:fail require permission desc', undefined, 'contactAdmin'],
    ['getLocation:fail system permission denied', 3, 'openSettings'],
    ['openSetting:fail can only be invoked by user TAP gesture.', undefined, 'retry'],
    ['getPhoneNumber:fail user deny', undefined, 'retry'],
    ['chooseAvatar:fail cancel', undefined, 'retry'],
    ['getPhoneNumber:fail', 1400001, 'contactAdmin'],
    ['getPhoneNumber:fail privacy permission is not authorized', undefined, 'showPrivacy'],
    ['getPhoneNumber:fail', 104, 'showPrivacy'],
    ['getPhoneNumber:fail', 112, 'contactAdmin'],
    ['checkSession:fail session time out, need relogin', undefined, 'signInAgain'],
    ['setStorage:fail exceed storage max size 10Mb', undefined, 'contactAdmin'],
    ['setStorage:fail:entry size limit reached', undefined, 'contactAdmin'],
    ['openBluetoothAdapter:fail not supported', undefined, 'blocked'],
    ['request:fail 不在以下 request 合法域名列表中', undefined, 'contactAdmin'],
    ['request:fail url not in domain list', undefined, 'contactAdmin'],
    ['getPhoneNumber:fail no permission', undefined, 'contactAdmin'],
    ['getPhoneNumber:fail:access denied no permission', undefined, 'contactAdmin'],
    ['getPhoneNumber:fail 没有权限', undefined, 'contactAdmin'],
    ['request:fail ssl hand shake error', undefined, 'retry'],
    ['request:fail -202:net::ERR_CERT_AUTHORITY_INVALID', undefined, 'retry'],
    ['request:fail invalid certificate', undefined, 'retry'],
    ['login:fail 操作频繁', undefined, 'retry'],
    ['request:fail abort', undefined, 'retry'],
    ['request:fail 小程序要求的 TLS 版本必须大于等于 1.2', undefined, 'contactAdmin'],
    ['request:fail exceed max concurrent request limit', undefined, 'retry'],
    ['checkSession:fail timeout', undefined, 'retry'],
    ['something:fail', 987654, 'retry'],
  ])('%s (%s) is %s', (errMsg, errno, action) => {
    const failure = errno === undefined ? { errMsg } : { errMsg, errno }
    expect(actionOfWxError(failure)).toBe(action)
    const asThrown = new Error('wrapped', { cause: new WxCallError('login', failure) })
    expect(actionOfWxError(asThrown)).toBe(action)
  })

  it('reads the errors of wx-link by their structure', () => {
    const failed = (kind: string, message: string) =>
      new Error(message, {
        cause: Object.assign(new Error(message), { name: 'WxLinkError', kind }),
      })
    expect(faultOfWxError(failed('timeout', 'request:fail timeout'))).toBe('timeout')
    const aborted = Object.assign(new Error('The call was aborted'), { name: 'AbortError' })
    expect(faultOfWxError(new Error('x', { cause: aborted }))).toBe('aborted')
    expect(actionOfWxError(failed('http', 'HTTP 502: not a tRPC reply'))).toBeNull()
    expect(actionOfWxError(failed('malformed', 'HTTP 200: not a tRPC reply'))).toBeNull()
  })

  it('reads an errno that is text, as some platforms give it', () => {
    expect(actionOfWxError({ errMsg: 'request:fail', errno: '600002' })).toBe('contactAdmin')
    expect(faultOfWxError({ errMsg: 'request:fail timeout', errno: 'x' })).toBe('timeout')
  })

  it('knows the time limit of a session, whose exchange has not ended', async () => {
    const error = await withTimeLimit(() => new Promise(() => undefined), 1).catch(
      (e: unknown) => e,
    )
    expect(actionOfWxError(error)).toBe('retry')
    expect(faultOfWxError(new Error('x', { cause: error }))).toBe('timeout')
  })

  it('is null for an error that does not come from wx', () => {
    const server = Object.assign(new Error('refused'), { data: { reason: 'forbidden' } })
    const system = Object.assign(new Error('ENOENT'), { errno: -2 })
    for (const error of [server, system, new TypeError('x'), 'text', null, undefined]) {
      expect(actionOfWxError(error)).toBeNull()
    }
  })

  it('is found in at most three causes', () => {
    const wrap = (cause: unknown, times: number): unknown =>
      times === 0 ? cause : wrap(new Error('wrapped', { cause }), times - 1)
    const failure = { errMsg: 'login:fail timeout' }
    expect(faultOfWxError(wrap(failure, 3))).toBe('timeout')
    expect(faultOfWxError(wrap(failure, 4))).toBeNull()
  })

  it('ends for an error that is its own cause', () => {
    const error = new Error('circular')
    error.cause = error
    expect(actionOfWxError(error)).toBeNull()
  })
})
