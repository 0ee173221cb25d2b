/**
 * The argument of `fail` of a `wx` API, or the detail of a button's event; some platforms leave
 * fields out. `@mianmi/wx-link` declares the same structure: neither package may import the other,
 * because each is published without the other.
 */
export interface WxFailure {
  /** For example `login:fail timeout`. Phones localise some messages. */
  errMsg?: string
  /** WeChat's error number (base library 2.24 and newer). */
  errno?: number
}

/** Why a `wx` API has failed, in kinds that need different reactions. */
export type WxFault =
  | 'timeout'
  | 'network'
  /** WeChat ended the request, for example after the app went to the background. */
  | 'interrupted'
  | 'aborted'
  /** The address is not in the allow-list of WeChat's console. */
  | 'domainRefused'
  /** The server's TLS is older than WeChat allows. */
  | 'tlsTooOld'
  /** WeChat's limit of the rate, or of the number of requests at once. */
  | 'tooOften'
  /** The person has closed or declined a dialog that may be shown again. */
  | 'cancelled'
  /** The person has refused the scope; it can be granted in the settings only. */
  | 'scopeRefused'
  /** The scope, or its API, is not declared in app.json. */
  | 'scopeNotDeclared'
  /** The settings of the phone's system do not allow it to WeChat. */
  | 'systemPermission'
  /** The API must be called directly in a tap. */
  | 'noTap'
  /** The person has not agreed to the privacy guide. */
  | 'privacyNotAgreed'
  /** The privacy guide in WeChat's console does not declare what the API collects. */
  | 'privacyNotDeclared'
  /** The app's paid quota of phone numbers is used up. */
  | 'phoneQuota'
  /** wx.checkSession: WeChat has dropped the session_key. */
  | 'sessionExpired'
  | 'storageFull'
  /** The phone or its WeChat version does not have the API. */
  | 'unsupported'
  /** The app has no right to use the API: WeChat has not granted it, or has withdrawn it. */
  | 'apiNotGranted'
  /** Wrong parameters. */
  | 'invalidCall'
  | 'unknown'

// Without 600000 (unknown network error), for which the message decides.
type KnownErrno = 3 | 5 | 103 | 104 | 112 | 1025 | 1026 | NetworkErrno | 1400001
type NetworkErrno = 600001 | 600002 | 600003 | 600009

/**
 * Sources: https://developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno.html; 104, 112,
 * 1025 and 1026 from https://developers.weixin.qq.com/minigame/dev/guide/open-ability/privacy.html;
 * 1400001 from https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html
 */
const faultByErrno: Record<KnownErrno, WxFault> = {
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

// The first match counts. For failures without an errno; phones localise some of these messages.
const faultByMessage: readonly (readonly [RegExp, WxFault])[] = [
  [/privacy permission is not authorized/i, 'privacyNotAgreed'],
  [/in the privacy agreement|announce your privacy/i, 'privacyNotDeclared'],
  [/system permission|SYSTEM_PERMISSION/i, 'systemPermission'],
  [/user TAP gesture/i, 'noTap'],
  // The phone's own switch of the location.
  [/LOCATIONSWITCHOFF/i, 'systemPermission'],
  [/user (deny|denied|cancel)|fail:? cancel|取消|^getPhoneNumber:fail.*拒绝/i, 'cancelled'],
  [/auth(orize)? (deny|denied)|^authorize:fail.*拒绝|拒绝授权/i, 'scopeRefused'],
  [/用户.*拒绝/, 'cancelled'],
  [/^getPhoneNumber:fail.*(quota|额度)/i, 'phoneQuota'],
  [
    /requiredPrivateInfos|require permission desc|permission.*app\.json|app\.json.*permission/i,
    'scopeNotDeclared',
  ],
  // Errors of the phone's network, before those of permissions and of the list of domains, whose words they share.
  [/domain name (resol|lookup|not found)|socket failed|firewall|\bE(ACCES|PERM)\b/i, 'network'],
  [/domain (list|name)|合法域名|域名.*(列表|白名单)|not in domain/i, 'domainRefused'],
  [
    /no permission|(permission|access) denied|permission value|not (granted|authorized)|没有权限|无权限|不是该小程序的/i,
    'apiNotGranted',
  ],
  // WeChat requires 1.2: https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html
  [/TLS ?(版本|version)|(unsupported|old|low).*(TLS|SSL) (protocol|version)/i, 'tlsTooOld'],
  // A captive network or a wrong clock; the server's own fault is seen by everybody at once.
  [/\b(ssl|tls|cert(ificate)?)\b|ERR_CERT|证书/i, 'network'],
  [/^checkSession:fail:?\s*$|^checkSession:fail.*(session|login|登录|过期)/i, 'sessionExpired'],
  [/time(d)?[ _-]?out|超时/i, 'timeout'],
  [/interrupted/i, 'interrupted'],
  [/abort/i, 'aborted'],
  [/too (often|many|frequent)|frequen|频繁|concurren|并发/i, 'tooOften'],
  // A body that is too large.
  [/^(request|uploadFile|downloadFile):fail.*(size|length)/i, 'invalidCall'],
  [
    /exceed.*(size|limit)|(size|storage) limit|storage.*(full|exceed)|no space|存储.*(上限|满|不足)/i,
    'storageFull',
  ],
  [/not (been )?support|no such api|is not a function/i, 'unsupported'],
  [/invalid|parameter error/i, 'invalidCall'],
  [/^(request|login|connectSocket|uploadFile|downloadFile):fail/, 'network'],
]

/** `errno` decides when it is known, the message otherwise. */
export function faultOfFailure(failure: WxFailure | undefined): WxFault {
  const { errMsg = '', errno }: WxFailure = Object(failure)
  const byErrno: Record<number, WxFault> = faultByErrno
  const known = errno === undefined ? undefined : byErrno[errno]
  return known ?? faultByMessage.find(([pattern]) => pattern.test(errMsg))?.[1] ?? 'unknown'
}
