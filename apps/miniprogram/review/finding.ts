/** What reviewers or devices hold against a package, and where it is said. */
export interface Rule {
  name: string
  /** One sentence that says what is demanded. */
  requirement: string
  source: string
}

export interface Finding {
  rule: Rule
  file: string
  /** From 1; 0 where it is about the file as a whole. */
  line: number
  column: number
  detail: string
}

const documentation = 'https://developers.weixin.qq.com/miniprogram'

export const rules = {
  files: {
    name: 'files',
    requirement: 'Every page and component that is named has its script and markup',
    source: `${documentation}/dev/framework/structure.html`,
  },
  size: {
    name: 'package-size',
    requirement: 'The main package and each sub-package hold at most 2 MB, all together 30 MB',
    source: `${documentation}/dev/framework/subpackages.html`,
  },
  strings: {
    name: 'code-from-strings',
    requirement: 'No eval, new Function, or timer with code in a string: devices do not run it',
    source: `${documentation}/dev/framework/runtime/js-support.html`,
  },
  markup: {
    name: 'markup',
    requirement: 'WeChat’s own compilers take every page, component and style',
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
    requirement: 'envVersion picks no address: review runs as develop',
    source: `${documentation}/dev/api/open-api/account-info/wx.getAccountInfoSync.html`,
  },
  privacy: {
    name: 'undeclared-privacy',
    requirement:
      'Whatever is private is asked for with consent: __usePrivacyCheck__, a listener, a button to agree',
    source: `${documentation}/dev/framework/user-privacy/PrivacyAuthorize.html`,
  },
  location: {
    name: 'undeclared-location',
    requirement:
      'Location is declared in requiredPrivateInfos and given a reason in permission, and only if used',
    source: `${documentation}/dev/reference/configuration/app.html#permission`,
  },
  withdrawn: {
    name: 'withdrawn-api',
    requirement: 'wx.getUserProfile, wx.getUserInfo and their button tell nothing any more',
    source: `${documentation}/dev/api/open-api/user-info/wx.getUserProfile.html`,
  },
  forced: {
    name: 'forced-sign-in',
    requirement:
      'A guest may look round: no page but the sign-in page leads there, or asks, by itself',
    source: 'https://developers.weixin.qq.com/miniprogram/product/#_5-1-登录规范',
  },
} as const satisfies Record<string, Rule>

/** `pages/a/index.js:3:14`, and what is wrong by which rule. */
export function describeFinding({ rule, file, line, column, detail }: Finding): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`
  return `${place}  ${detail}\n    ${rule.name}: ${rule.requirement}\n    ${rule.source}`
}
