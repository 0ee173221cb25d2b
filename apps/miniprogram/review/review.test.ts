import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { describeFinding } from './finding.ts'
import { reviewPackage } from './review.ts'

type Files = Record<string, string>

const folders: string[] = []
const app = (more: object = {}) =>
  JSON.stringify({
    pages: ['pages/home/index', 'pages/sign-in/index'],
    __usePrivacyCheck__: true,
    ...more,
  })

/** A mini program without findings. */
const valid: Files = {
  'app.json': app(),
  'app.js': 'App({ onLaunch() { wx.login({}) } })',
  'app.wxss': 'page { color: black; }',
  'pages/home/index.json': '{}',
  'pages/home/index.js':
    'Page({ data: {}, go() { wx.navigateTo({ url: "/pages/sign-in/index" }) } })',
  'pages/home/index.wxml': '<view wx:if="{{ok}}" bindtap="go">{{name}}</view>',
  'pages/home/index.wxss': '.a { color: red; }',
  'pages/sign-in/index.json': '{}',
  'pages/sign-in/index.js': 'Page({ data: {} })',
  'pages/sign-in/index.wxml': '<button>登录</button>',
}

async function review(changes: Files) {
  const root = mkdtempSync(join(tmpdir(), 'review-'))
  folders.push(root)
  for (const [file, text] of Object.entries({ ...valid, ...changes })) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return reviewPackage(root, { allowedHosts: ['api.example.com'] })
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const home = 'pages/home/index'
const page = (body: string): Files => ({ [`${home}.js`]: `Page({ ${body} })` })
const withListener = {
  'app.js': 'App({})\nwx.onNeedPrivacyAuthorization(() => {})',
}

const cases: [string, string, Files, string][] = [
  [
    'files',
    'a missing page',
    { 'app.json': app({ pages: [home, 'pages/gone/index'] }) },
    'app.json  names pages/gone/index',
  ],
  [
    'files',
    'a missing component',
    { [`${home}.json`]: '{"usingComponents":{"x-y":"/x/y"}}' },
    `${home}.json  names x/y`,
  ],
  ['code-from-strings', 'eval', page('go() {\n  eval("1") }'), `${home}.js:2:3  eval`],
  ['code-from-strings', 'new Function', page('go() { new Function("1") }'), 'new Function'],
  ['code-from-strings', 'a timer with a string', page('go() { setTimeout("go()", 1) }'), 'a timer'],
  [
    'markup',
    '?. in an expression',
    { [`${home}.wxml`]: '<view>\n<text>{{a?.b}}</text></view>' },
    `${home}.wxml:2:`,
  ],
  [
    'markup',
    '?? in an expression',
    { [`${home}.wxml`]: '<view>{{a ?? 1}}</view>' },
    `${home}.wxml:1:`,
  ],
  ['markup', 'an unclosed tag', { [`${home}.wxml`]: '<view><text></view>' }, `${home}.wxml:1:`],
  [
    'markup',
    'a style that does not parse',
    { [`${home}.wxss`]: '.a { color: red;\n .b { x' },
    `${home}.wxss:2:`,
  ],
  [
    'unknown-tag',
    'a tag of the web',
    { [`${home}.wxml`]: '<view>\n<div>a</div></view>' },
    `${home}.wxml:2:1  <div>`,
  ],
  [
    'request-domain',
    'an address without encryption',
    page('u: "http://api.example.com/x"'),
    'is not encrypted',
  ],
  [
    'request-domain',
    'an address of this machine',
    page('u: "https://127.0.0.1:3000"'),
    'has no host name',
  ],
  [
    'request-domain',
    'WeChat’s server API',
    page('u: "https://api.weixin.qq.com/sns"'),
    'is for servers only',
  ],
  [
    'request-domain',
    'a host that is not in the allow-list',
    page('u: `https://evil.example/a`'),
    'not in the allow-list',
  ],
  [
    'env-version',
    'an address in a script that reads envVersion',
    page(
      'u: wx.getAccountInfoSync().miniProgram.envVersion === "x" ? "https://api.example.com" : 0',
    ),
    'is read in a script with an address',
  ],
  [
    'undeclared-privacy',
    'a private API without the privacy check',
    { 'app.json': app({ __usePrivacyCheck__: false }), ...page('go() { wx.chooseMedia({}) }') },
    `${home}.js:1:15  chooseMedia`,
  ],
  [
    'undeclared-privacy',
    'a private button without a button to agree',
    { ...withListener, [`${home}.wxml`]: '<button open-type="chooseAvatar" />' },
    'chooseAvatar is used, but nothing has',
  ],
  [
    'undeclared-privacy',
    'a private button on a page without a button to agree',
    {
      ...withListener,
      [`${home}.wxml`]: '<button open-type="getPhoneNumber" />',
      'pages/sign-in/index.wxml': '<button open-type="agreePrivacyAuthorization" />',
    },
    `${home}.wxml:1:1  pages/home/index has no button to agree`,
  ],
  [
    'undeclared-location',
    'an undeclared location API',
    page('go() { wx.getLocation({}) }'),
    'wx.getLocation is not in requiredPrivateInfos',
  ],
  [
    'undeclared-location',
    'a location API without a reason',
    {
      'app.json': app({ requiredPrivateInfos: ['getLocation'] }),
      ...page('go() { wx.getLocation({}) }'),
    },
    'wx.getLocation is not in permission',
  ],
  [
    'undeclared-location',
    'a declared location API that is not used',
    { 'app.json': app({ requiredPrivateInfos: ['chooseLocation'] }) },
    'which is not used',
  ],
  ['withdrawn-api', 'a withdrawn API', page('go() { wx.getUserProfile({}) }'), 'wx.getUserProfile'],
  [
    'withdrawn-api',
    'a withdrawn button',
    { [`${home}.wxml`]: '<button open-type="getUserInfo" />' },
    'getUserInfo',
  ],
  [
    'forced-sign-in',
    'a redirect to sign-in in onLoad',
    page('onLoad() {\n wx.redirectTo({ url: "/pages/sign-in/index" }) }'),
    `${home}.js:2:`,
  ],
  [
    'forced-sign-in',
    'a redirect to sign-in after two seconds',
    page('onShow() { setTimeout(() => wx.navigateTo({ url: "/pages/sign-in/index?x=1" }), 2000) }'),
    'opens /pages/sign-in/index?x=1 for a guest',
  ],
  [
    'forced-sign-in',
    'a redirect to sign-in after a failed request',
    page(
      'onLoad() { wx.request({ url: "https://api.example.com", fail: () => wx.reLaunch({ url: "/pages/sign-in/index" }) }) }',
    ),
    'by itself',
  ],
  [
    'forced-sign-in',
    'a dialog in onLoad',
    page('onLoad() { wx.showModal({ title: "登录" }) }'),
    'wx.showModal',
  ],
  [
    'forced-sign-in',
    'a sign-in page as the first page',
    { 'app.json': app({ pages: ['pages/sign-in/index', home] }) },
    'the first page is pages/sign-in/index',
  ],
]

describe('the review', () => {
  it('has no findings for a valid mini program', async () => {
    const { findings, pages, skipped } = await review({})
    expect(findings).toEqual([])
    expect(pages).toBe(2)
    expect(skipped).toEqual([])
  })

  it.each(cases)('%s: finds %s', async (rule, _, changes, detail) => {
    const { findings } = await review(changes)
    const finding = findings.find((one) => one.rule.name === rule)
    if (!finding) throw new Error(`found only ${findings.map(describeFinding).join('\n')}`)
    expect(describeFinding(finding)).toContain(detail)
    expect(describeFinding(finding)).toContain('https://developers.weixin.qq.com/')
    const others = findings.filter((one) => one.rule.name !== rule).map((one) => one.rule.name)
    expect(others).toEqual([])
  })

  it('finds an address that depends on envVersion by running the mini program', async () => {
    const { findings } = await review({
      'hosts.js':
        'module.exports = { develop: "https://", trial: "https://", release: "https://" }',
      [`${home}.js`]:
        'const { miniProgram } = wx.getAccountInfoSync()\nPage({ onLoad() {' +
        ' wx.request({ url: "https:" + "//" + miniProgram.envVersion + ".example.com" }) } })',
    })
    expect(findings.map((one) => one.detail)).toEqual([
      'develop: https://develop.example.com, trial: https://trial.example.com, release: https://release.example.com',
    ])
  })

  it('reports every file that WeChat’s compiler rejects', async () => {
    const bad = '<view>{{a?.b}}</view>'
    const { findings } = await review({ [`${home}.wxml`]: bad, 'pages/sign-in/index.wxml': bad })
    const names = findings.map((one) => one.file)
    expect(names.sort()).toEqual([`${home}.wxml`, 'pages/sign-in/index.wxml'])
  })

  it('checks the sizes of the main package and of each sub-package', async () => {
    const subPackages = [{ root: 'more', pages: ['pages/x'] }]
    const content = 'x'.repeat(2 * 1024 * 1024)
    const more = { 'more/pages/x.js': 'Page({})', 'more/pages/x.wxml': '<view />' }
    const small = await review({ 'app.json': app({ subPackages }), ...more })
    expect(small.findings).toEqual([])
    const sub = await review({ 'app.json': app({ subPackages }), ...more, 'more/a.txt': content })
    expect(sub.findings.map((one) => [one.rule.name, one.file])).toEqual([
      ['package-size', 'more/'],
    ])
    const main = await review({ 'a.txt': content })
    expect(main.findings.map((one) => [one.rule.name, one.file])).toEqual([['package-size', '.']])
  })
})
