import { describe, expect, it } from 'vitest'
import { faultOfFailure } from './wx-fault.ts'

describe('the fault of a failure', () => {
  it.each([
    [3, 'systemPermission'],
    [5, 'timeout'],
    [103, 'scopeRefused'],
    [104, 'privacyNotAgreed'],
    [112, 'privacyNotDeclared'],
    [1025, 'privacyNotDeclared'],
    [1026, 'privacyNotDeclared'],
    [600001, 'network'],
    [600002, 'domainRefused'],
    [600003, 'interrupted'],
    [600009, 'invalidCall'],
    [1400001, 'phoneQuota'],
  ])('with the errno %i is %s, whatever the message says', (errno, fault) => {
    expect(faultOfFailure({ errno, errMsg: 'login:fail 未知' })).toBe(fault)
    expect(faultOfFailure({ errno })).toBe(fault)
  })

  // What WeChat and other platforms write, in their wordings and languages.
  it.each([
    ['getPhoneNumber:fail privacy permission is not authorized', 'privacyNotAgreed'],
    [
      'getPhoneNumber:fail api scope is not declared in the privacy agreement',
      'privacyNotDeclared',
    ],
    ['chooseAvatar:fail please announce your privacy', 'privacyNotDeclared'],
    ['getLocation:fail system permission denied', 'systemPermission'],
    ['getLocation:fail:ERROR_NOCELL&SYSTEM_PERMISSION', 'systemPermission'],
    ['openSetting:fail can only be invoked by user TAP gesture.', 'noTap'],
    ['getPhoneNumber:fail user deny', 'cancelled'],
    ['getPhoneNumber:fail:user denied', 'cancelled'],
    ['chooseImage:fail user cancel', 'cancelled'],
    ['chooseAvatar:fail cancel', 'cancelled'],
    ['chooseAvatar:fail: cancel', 'cancelled'],
    ['authorize:fail auth deny', 'scopeRefused'],
    ['authorize:fail authorize denied', 'scopeRefused'],
    ['getLocation:fail the api need to be declared in requiredPrivateInfos', 'scopeNotDeclared'],
    ['authorize:fail require permission desc', 'scopeNotDeclared'],
    ['authorize:fail permission is not set in app.json', 'scopeNotDeclared'],
    ['authorize:fail app.json lacks the permission', 'scopeNotDeclared'],
    ['request:fail url not in domain list', 'domainRefused'],
    ['request:fail domain name not allowed', 'domainRefused'],
    ['request:fail not in domain', 'domainRefused'],
    ['request:fail 不在以下 request 合法域名列表中', 'domainRefused'],
    ['request:fail 域名不在白名单内', 'domainRefused'],
    ['getPhoneNumber:fail no permission', 'apiNotGranted'],
    ['login:fail permission denied', 'apiNotGranted'],
    ['getPhoneNumber:fail access denied', 'apiNotGranted'],
    ['getLocation:fail the permission value is offline verifying', 'apiNotGranted'],
    ['login:fail not granted', 'apiNotGranted'],
    ['login:fail not authorized', 'apiNotGranted'],
    ['getPhoneNumber:fail 没有权限', 'apiNotGranted'],
    ['getPhoneNumber:fail 无权限', 'apiNotGranted'],
    ['request:fail ssl hand shake error', 'network'],
    ['request:fail tls error', 'network'],
    ['request:fail -202:net::ERR_CERT_AUTHORITY_INVALID', 'network'],
    ['request:fail 证书无效', 'network'],
    ['checkSession:fail session time out, need relogin', 'sessionExpired'],
    ['request:fail timeout', 'timeout'],
    ['request:fail timed out', 'timeout'],
    ['request:fail time-out', 'timeout'],
    ['request:fail -118:net::ERR_CONNECTION_TIMED_OUT', 'timeout'],
    ['request:fail interrupted', 'interrupted'],
    ['request:fail abort', 'aborted'],
    ['login:fail too often', 'tooOften'],
    ['login:fail too many requests', 'tooOften'],
    ['login:fail frequency limit', 'tooOften'],
    ['login:fail 操作频繁', 'tooOften'],
    ['setStorage:fail exceed storage max size 10Mb', 'storageFull'],
    ['setStorage:fail:entry size limit reached', 'storageFull'],
    ['setStorage:fail storage is full', 'storageFull'],
    ['openBluetoothAdapter:fail not supported', 'unsupported'],
    ['login:fail has not been supported', 'unsupported'],
    ['login:fail no such api', 'unsupported'],
    ['login:fail wx.login is not a function', 'unsupported'],
    ['request:fail invalid url "x"', 'invalidCall'],
    ['login:fail parameter error', 'invalidCall'],
    ['request:fail', 'network'],
    ['login:fail', 'network'],
    ['connectSocket:fail', 'network'],
    ['uploadFile:fail', 'network'],
    ['downloadFile:fail', 'network'],
    ['somethingElse:fail', 'unknown'],
    ['', 'unknown'],
  ])('%j is %s', (errMsg, fault) => {
    expect(faultOfFailure({ errMsg })).toBe(fault)
    // An errno that is not listed says nothing; 600000 is WeChat's number for an unknown network error.
    expect(faultOfFailure({ errMsg, errno: 600000 })).toBe(fault)
  })

  it('without any field is unknown', () => {
    expect(faultOfFailure({})).toBe('unknown')
  })
})
