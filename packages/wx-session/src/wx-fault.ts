/** What `fail` of an API, or the detail of a button's event, tells. Some platforms leave fields out. */
export interface WxFailure {
  errMsg?: string
  errno?: number
}

/** What can go wrong with the phone itself, as far as somebody could act on it. */
export type WxFault =
  | 'timeout'
  | 'network'
  | 'interrupted'
  | 'aborted'
  /** The address is not in the allow-list of the console. */
  | 'domainRefused'
  | 'tooOften'
  /** The person has closed or declined a dialog that may be shown again. */
  | 'cancelled'
  /** The person refuses the scope; only the settings lead back. */
  | 'scopeRefused'
  /** The scope, or the API behind it, is not declared in app.json. */
  | 'scopeNotDeclared'
  /** The phone's own settings keep WeChat from it. */
  | 'systemPermission'
  /** The API must be called directly in a tap. */
  | 'noTap'
  | 'privacyNotAgreed'
  /** The console's privacy guide does not name what the API collects. */
  | 'privacyNotDeclared'
  /** The app's paid quota of phone numbers is used up. */
  | 'phoneQuota'
  /** wx.checkSession: WeChat has dropped the session_key. */
  | 'sessionExpired'
  | 'storageFull'
  /** The phone, or its WeChat, is too old or of the wrong kind. */
  | 'unsupported'
  | 'invalidCall'
  | 'unknown'

// 600000 (unknown network error) is left to the message.
type KnownErrno = 3 | 5 | 103 | 104 | 112 | 1025 | 1026 | NetworkErrno | 1400001
type NetworkErrno = 600001 | 600002 | 600003 | 600009

/**
 * https://developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno.html; 104, 112,
 * 1025 and 1026 from https://developers.weixin.qq.com/minigame/dev/guide/open-ability/privacy.html;
 * 1400001 from https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html
 */
const faultOfErrno: Record<KnownErrno, WxFault> = {
  3: 'systemPermission',
  5: 'timeout',
  103: 'scopeRefused',
  104: 'privacyNotAgreed',
  112: 'privacyNotDeclared',
  1025: 'privacyNotDeclared',
  1026: 'privacyNotDeclared',
  600001: 'network',
  600002: 'domainRefused',
  600003: 'interrupted',
  600009: 'invalidCall',
  1400001: 'phoneQuota',
}

// The first that fits counts. Phones localise some messages: these are for those without errno.
const faultOfMessage: readonly (readonly [RegExp, WxFault])[] = [
  [/privacy permission is not authorized/i, 'privacyNotAgreed'],
  [/in the privacy agreement|announce your privacy/i, 'privacyNotDeclared'],
  [/system permission|SYSTEM_PERMISSION/i, 'systemPermission'],
  [/user TAP gesture/i, 'noTap'],
  [/user (deny|denied|cancel)|fail:? cancel/i, 'cancelled'],
  [/auth(orize)? (deny|denied)/i, 'scopeRefused'],
  [
    /requiredPrivateInfos|require permission desc|permission.*app\.json|app\.json.*permission/i,
    'scopeNotDeclared',
  ],
  [/domain list|合法域名/i, 'domainRefused'],
  [/^checkSession:fail/, 'sessionExpired'],
  [/time(d)?[ -]?out/i, 'timeout'],
  [/interrupted/i, 'interrupted'],
  [/abort/i, 'aborted'],
  [/too (often|many|frequent)|frequen|频繁/i, 'tooOften'],
  [/exceed.*(size|limit)|storage.*(full|exceed)/i, 'storageFull'],
  [/not (been )?support|no such api|is not a function/i, 'unsupported'],
  [/invalid|parameter error/i, 'invalidCall'],
  [/^(request|login|connectSocket|uploadFile|downloadFile):fail/, 'network'],
]

export function faultOfFailure({ errMsg = '', errno }: WxFailure): WxFault {
  const numbered: Record<number, WxFault> = faultOfErrno
  const known = errno === undefined ? undefined : numbered[errno]
  return known ?? faultOfMessage.find(([pattern]) => pattern.test(errMsg))?.[1] ?? 'unknown'
}
