/** A rule of WeChat's review or of devices, with its source. */
export interface Rule {
  name: string
  /** One sentence. */
  requirement: string
  source: string
}

export interface Finding {
  rule: Rule
  file: string
  /** Starts at 1; 0 for a finding about the whole file. */
  line: number
  column: number
  detail: string
}

const documentation = 'https://developers.weixin.qq.com/miniprogram'

export const rules = {
  files: {
    name: 'files',
    requirement: 'Every page and component that is named has a script and markup',
    source: `${documentation}/dev/framework/structure.html`,
  },
  size: {
    name: 'package-size',
    requirement:
      'The main package and each sub-package have at most 2 MB, all together at most 30 MB',
    source: `${documentation}/dev/framework/subpackages.html`,
  },
  strings: {
    name: 'code-from-strings',
    requirement: 'No eval, new Function, or timer with code in a string: devices do not run it',
    source: `${documentation}/dev/framework/runtime/js-support.html`,
  },
  markup: {
    name: 'markup',
    requirement: 'WeChat’s compilers accept every page, component and style',
    source: `${documentation}/dev/reference/wxml/`,
  },
  tags: {
    name: 'unknown-tag',
    requirement: 'A tag is built in or named in usingComponents',
    source: `${documentation}/dev/framework/custom-component/`,
  },
  domains: {
    name: 'request-domain',
    requirement:
      'Addresses are https hosts of the allow-list: no IP, no localhost, no api.weixin.qq.com',
    source: `${documentation}/dev/framework/ability/network.html`,
  },
  environment: {
    name: 'env-version',
    requirement: 'Addresses do not depend on envVersion: the review runs as develop',
    source: `${documentation}/dev/api/open-api/account-info/wx.getAccountInfoSync.html`,
  },
  privacy: {
    name: 'undeclared-privacy',
    requirement: 'Private APIs need consent: __usePrivacyCheck__, a listener, a button to agree',
    source: `${documentation}/dev/framework/user-privacy/PrivacyAuthorize.html`,
  },
  location: {
    name: 'undeclared-location',
    requirement:
      'Location APIs are declared in requiredPrivateInfos, with a reason in permission, and only if used',
    source: `${documentation}/dev/reference/configuration/app.html#permission`,
  },
  withdrawn: {
    name: 'withdrawn-api',
    requirement: 'wx.getUserProfile, wx.getUserInfo and their button return no data any more',
    source: `${documentation}/dev/api/open-api/user-info/wx.getUserProfile.html`,
  },
  forced: {
    name: 'forced-sign-in',
    requirement:
      'A guest can browse: no page except the sign-in page opens it, or a dialog, by itself',
    source: 'https://developers.weixin.qq.com/miniprogram/product/#_5-1-登录规范',
  },
} as const satisfies Record<string, Rule>

/** The place (`pages/a/index.js:3:14`), the detail and the rule. */
export function describeFinding({ rule, file, line, column, detail }: Finding): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`
  return `${place}  ${detail}\n    ${rule.name}: ${rule.requirement}\n    ${rule.source}`
}
