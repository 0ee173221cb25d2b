// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fail, type OutputOf, type Replies } from './harness/fake-service.ts'
import { minutesAgo } from './harness/fixtures.ts'
import { openConsole } from './harness/open-console.tsx'

type TestResult = OutputOf<'apps.test'>

const apps = [
  { appId: 'wx1', identities: 1_234, signInsToday: 5, lastSignInAt: minutesAgo(2) },
  { appId: 'wx2', identities: 0, signInsToday: 0, lastSignInAt: null },
]
const result = (change: Partial<TestResult> = {}): TestResult => ({
  finding: 'ok',
  errcode: 0,
  address: null,
  durationMs: 41.6,
  ...change,
})
const openApps = (replies: Replies = {}) =>
  openConsole('/apps', { 'apps.list': { apps }, 'apps.test': result(), ...replies })
/** By its appid, which stands behind the name where there is one. */
const app = (appId: string) => screen.findByRole('region', { name: new RegExp(`${appId}$`) })

it('each mini program shows its usage and links to its people', async () => {
  openApps()
  expect((await app('wx1')).textContent).toContain('1,234')
  within(await app('wx1')).getByText('2分钟前')
  within(await app('wx2')).getByText('从未登录')
  const link = within(await app('wx2')).getByRole('link', { name: '查看人员' })
  expect(link.getAttribute('href')).toBe('/admin/people?appId=wx2')
})

it('opening the page tests nothing; a test is of one mini program', async () => {
  const { service, user } = openApps()
  const second = await app('wx2')
  expect(service.inputs('apps.test')).toEqual([])
  await user.click(within(second).getByRole('button', { name: '测试' }))
  await within(second).findByText('一切正常，微信给出了访问令牌。')
  within(second).getByText('用时 42 毫秒')
  within(second).getByRole('button', { name: '再测一次' })
  expect(service.inputs('apps.test')).toEqual([{ appId: 'wx2' }])
  expect(within(await app('wx1')).queryByText('用时 42 毫秒')).toBeNull()
})

it.each([
  ['secret_rejected', 40_125, null, '微信不认可 AppSecret。', 'error'],
  ['address_not_allowed', 40_164, '203.0.113.7', 'IP白名单 中加入 203.0.113.7，', 'error'],
  ['address_not_allowed', 40_164, null, 'IP白名单 中加入服务器的公网地址', 'error'],
  ['quota_used_up', 45_009, null, '调用次数已超过微信的限制。', 'warning'],
  ['busy', -1, null, '微信系统繁忙。', 'warning'],
  ['unreachable', null, null, '没有收到微信的响应。', 'error'],
] as const)(
  'a test that finds %s (errcode %s, address %s) says %s, as %s',
  async (finding, errcode, address, text, type) => {
    const { user } = openApps({ 'apps.test': result({ finding, errcode, address }) })
    const first = await app('wx1')
    await user.click(within(first).getByRole('button', { name: '测试' }))
    await within(first).findByText(text, { exact: false })
    expect(first.querySelector(`.ant-alert-${type}`)).not.toBeNull()
    const code = within(first).queryByText(/errcode/)
    expect(code?.textContent).toBe(
      errcode === null ? undefined : `errcode ${errcode} · 用时 42 毫秒`,
    )
  },
)

it('a test that the service refuses is explained and can be retried', async () => {
  const { service, user } = openApps({ 'apps.test': () => fail('rate_limited') })
  const first = await app('wx1')
  await user.click(within(first).getByRole('button', { name: '测试' }))
  await within(first).findByText('尝试次数过多。请稍后再试。')
  service.replies['apps.test'] = result()
  await user.click(within(first).getByRole('button', { name: '重试' }))
  await within(first).findByText('一切正常，微信给出了访问令牌。')
})

const setting = { value: null, secret: false, isDefault: false }
const rowOf = (name: string) =>
  screen.getByRole('rowheader', { name }).closest('tr')?.querySelector('td')?.textContent

it('settings show values, defaults and durations; of a secret only whether it is set', async () => {
  openConsole('/settings', {
    settings: {
      settings: [
        { ...setting, name: 'HOST', value: '0.0.0.0', isDefault: true },
        { ...setting, name: 'ISSUER' },
        { ...setting, name: 'ACCESS_TOKEN_TTL', value: '900' },
        { ...setting, name: 'SECRET_KEY', secret: true },
        { ...setting, name: 'ADMIN_PASSWORD', secret: true, isDefault: true },
        // The service sends no value of a secret; the page would not show it either.
        { ...setting, name: 'WECHAT_APPS', secret: true, value: 'leaked-secret' },
        { ...setting, name: 'NEW_SETTING', value: 'x' },
      ],
    },
  })
  await screen.findByRole('heading', { level: 2, name: '服务' })
  const names = [
    'HOST',
    'ISSUER',
    'ACCESS_TOKEN_TTL',
    'SECRET_KEY',
    'ADMIN_PASSWORD',
    'WECHAT_APPS',
  ]
  expect(names.map(rowOf)).toEqual([
    '0.0.0.0默认',
    '未设置',
    '90015分钟',
    '已设置',
    '未设置',
    '已设置',
  ])
  expect(document.body.textContent).not.toContain('leaked-secret')
  const others = screen.getByRole('table', { name: '其他' })
  within(others).getByText('NEW_SETTING')
})
