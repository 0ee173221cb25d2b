// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import type { UserEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { fail, type OutputOf, type Replies } from './harness/fake-service.ts'
import { openConsole } from './harness/open-console.tsx'

type Overview = OutputOf<'overview'>

const day = (change: Partial<Overview['days'][number]> = {}) => ({
  day: '2026-11-22',
  signIns: 0,
  newUsers: 0,
  bound: 0,
  unbound: 0,
  refused: 0,
  ...change,
})

const overview = (change: Partial<Overview> = {}): Overview => ({
  today: day(),
  yesterday: day({ day: '2026-11-21' }),
  days: [day({ day: '2026-11-21' }), day()],
  refusals: [],
  wechat: [],
  quota: [],
  totals: { users: 1_234, disabled: 1, identities: 2, sessions: 3, conflicts: 4 },
  health: {
    startedAt: new Date(Date.now() - 3 * 3_600_000).toISOString(),
    version: '1.2.3',
    node: 'v24.21.0',
    eventLoopP99Ms: 12.34,
    heapBytes: 50 * 1_024 ** 2,
    rssBytes: 100 * 1_024 ** 2,
    databaseBytes: 2 * 1_024 ** 3,
  },
  ...change,
})

const openOverview = (change: Partial<Overview> = {}, search = '', replies: Replies = {}) =>
  openConsole(`/${search}`, { overview: overview(change), ...replies })

const region = (name: string) => screen.findByRole('region', { name })
const valueOfTerm = (within_: HTMLElement, term: string) =>
  within(within_).getByText(term, { selector: 'dt' }).nextElementSibling?.textContent

it('the period is 14 days unless the URL holds another one of the choices', async () => {
  const { service } = openOverview({}, '?days=15')
  await region('今天')
  expect(service.inputs('overview')).toEqual([{ days: 14 }])
})

it('another period is put into the URL and requested', async () => {
  const { service, user, url } = openOverview({}, '?days=7')
  await region('今天')
  await user.click(screen.getByText('30 天'))
  await waitFor(() => expect(url()).toBe('/?days=30'))
  await waitFor(() => expect(service.inputs('overview')).toEqual([{ days: 7 }, { days: 30 }]))
})

describe('a range of days', () => {
  const noon = Date.UTC(2026, 10, 22, 4)
  beforeEach(() => void vi.useFakeTimers({ now: noon, toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())

  const dayInput = (name: string) => screen.findByLabelText(name, { selector: ':enabled' })
  const enterDay = async (user: UserEvent, name: string, value: string) => {
    const input = await dayInput(name)
    await user.clear(input)
    if (value !== '') await user.type(input, value)
    await user.tab()
  }

  it('in the URL is requested and shown', async () => {
    const { service } = openOverview({}, '?from=2026-03-01&to=2026-03-31')
    await region('今天')
    expect(service.inputs('overview')).toEqual([{ from: '2026-03-01', to: '2026-03-31' }])
    expect(await dayInput('从')).toHaveProperty('value', '2026-03-01')
    expect(await dayInput('至')).toHaveProperty('value', '2026-03-31')
    expect(screen.getByRole('radio', { name: '自定义' })).toHaveProperty('checked', true)
  })

  it.each([
    ['a day that no month has', '?from=2026-02-30&to=2026-03-31'],
    ['one end only', '?from=2026-03-01'],
    ['no dates', '?from=1&to=tomorrow'],
    ['an end before the beginning', '?from=2026-03-02&to=2026-03-01'],
    ['an end after today', '?from=2026-11-01&to=2026-11-23'],
    ['more than 366 days', '?from=2025-11-21&to=2026-11-22'],
  ])('with %s is dropped from the URL', async (_, search) => {
    const { service } = openOverview({}, search)
    await region('今天')
    expect(service.inputs('overview')).toEqual([{ days: 14 }])
  })

  it('begins with the period before it, is typed, and goes into the URL on submit', async () => {
    const { service, user, url } = openOverview({}, '?days=7')
    await user.click(await screen.findByText('自定义'))
    expect(await dayInput('从')).toHaveProperty('value', '2026-11-16')
    expect(await dayInput('至')).toHaveProperty('value', '2026-11-22')
    await enterDay(user, '从', '2025-11-22')
    expect(service.inputs('overview')).toHaveLength(1)
    // Enter submits what is typed.
    await user.clear(await dayInput('至'))
    await user.type(await dayInput('至'), '2026-11-21{Enter}')
    await waitFor(() => expect(url()).toBe('/?from=2025-11-22&to=2026-11-21'))
    expect(service.inputs('overview').at(-1)).toEqual({ from: '2025-11-22', to: '2026-11-21' })
  })

  it.each([
    ['2026-11-20', '2026-11-19', '开始日期不能晚于结束日期。'],
    ['2025-11-21', '2026-11-22', '时间范围最长 366 天。'],
    ['', '2026-11-22', '请填写开始和结束日期。'],
  ])('from %s to %s is refused: %s', async (from, to, fault) => {
    const { service, user } = openOverview({}, '?from=2026-11-01&to=2026-11-22')
    await enterDay(user, '从', from)
    await enterDay(user, '至', to)
    await user.click(screen.getByRole('button', { name: '查询' }))
    expect((await screen.findByRole('alert')).textContent).toBe(fault)
    expect(service.inputs('overview')).toHaveLength(1)
  })

  it('ends with a choice of the last days', async () => {
    const { user, url } = openOverview({}, '?from=2026-11-01&to=2026-11-22')
    await user.click(await screen.findByText('30 天'))
    await waitFor(() => expect(url()).toBe('/?days=30'))
    expect(screen.queryByLabelText('从')).toBeNull()
  })

  it('goes with the link to the rejections in the audit log', async () => {
    openOverview(
      { refusals: [{ reason: 'code_used', count: 3 }] },
      '?from=2026-03-01&to=2026-03-02',
    )
    const link = await within(await region('拒绝的原因')).findByRole('link')
    const { searchParams } = new URL(link.getAttribute('href') ?? '', 'http://localhost')
    expect(Object.fromEntries(searchParams)).toEqual({
      from: '2026-02-28T16:00:00.000Z',
      to: '2026-03-02T15:59:59.999Z',
      outcome: 'code_used',
    })
  })

  it('has its calendar in the language of the console', async () => {
    const { user } = openOverview({}, '?from=2026-03-01&to=2026-03-02')
    await user.click(await dayInput('从'))
    await screen.findByText('3月')
  })
})

it('the refresh button requests the overview again', async () => {
  const { service, user } = openOverview()
  await region('今天')
  service.replies.overview = overview({
    totals: { users: 9, disabled: 0, identities: 0, sessions: 0, conflicts: 0 },
  })
  await user.click(screen.getByRole('button', { name: '刷新' }))
  await waitFor(() => expect(service.inputs('overview')).toHaveLength(2))
  await waitFor(async () => expect(valueOfTerm(await region('今天'), '用户')).toBe('9'))
})

it('today is compared with yesterday, and without a yesterday of sign-ins there is no percentage', async () => {
  openOverview({
    days: [day({ day: '2026-03-01', signIns: 7 })],
    yesterday: day({ signIns: 200, refused: 10, newUsers: 0, bound: 4 }),
    today: day({ signIns: 150, refused: 12, newUsers: 5, bound: 4 }),
  })
  const today = await region('今天')
  expect(valueOfTerm(today, '登录')).toBe('150昨天 200−25%')
  expect(valueOfTerm(today, '拒绝')).toBe('12昨天 10+20%')
  expect(valueOfTerm(today, '新用户')).toBe('5昨天 0')
  expect(valueOfTerm(today, '绑定已有账号')).toBe('4昨天 4+0%')
  expect(valueOfTerm(today, '用户')).toBe('1,234')
})

it('the conversion rate is that of all unbound sign-ins of the period, at most 100 %', async () => {
  openOverview({ days: [day({ unbound: 6, bound: 1 }), day({ unbound: 4, newUsers: 2 })] })
  within(await region('未绑定用户的转化')).getByText('30%')
})

it('more bindings than unbound sign-ins count as 100 %', async () => {
  openOverview({ days: [day({ unbound: 1, bound: 3 })] })
  within(await region('未绑定用户的转化')).getByText('100%')
})

it('rejection reasons are sorted by number and lead to the audit log', async () => {
  openOverview({
    refusals: [
      { reason: 'code_used', count: 3 },
      { reason: 'rate_limited', count: 30 },
    ],
  })
  const links = within(await region('拒绝的原因')).getAllByRole('link')
  expect(links.map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
    ['超过限流阈值', '/admin/audit?outcome=rate_limited'],
    ['登录码已用过', '/admin/audit?outcome=code_used'],
  ])
})

it.each([
  [79, null],
  [80, '接近上限'],
  [94, '接近上限'],
  [95, '即将用完'],
])('a quota used to %i %% is marked: %s', async (used, mark) => {
  openOverview({ quota: [{ appId: 'wx1', api: 'code2Session', used, limit: 100 }] })
  const quota = await region('今天的微信额度')
  within(quota).getByText(`${used} / 100`, { exact: false })
  const marks = ['接近上限', '即将用完'].filter((text) => within(quota).queryByText(text) !== null)
  expect(marks).toEqual(mark === null ? [] : [mark])
})

it('an API without a known limit shows the number of calls only', async () => {
  openOverview({ quota: [{ appId: 'wx1', api: 'code2Session', used: 7, limit: null }] })
  within(await region('今天的微信额度')).getByText('7 次，没有已知上限')
  expect(screen.queryByRole('progressbar')).toBeNull()
})

it('WeChat responses are sorted by number and named', async () => {
  const response = { appId: 'wx1', api: 'code2Session', meanMs: 10.4, maxMs: 99.6 }
  openOverview({
    wechat: [
      { ...response, errcode: 40029, count: 2 },
      { ...response, errcode: 0, count: 50 },
      { ...response, errcode: null, count: 3 },
      { ...response, errcode: 99999, count: 1 },
    ],
  })
  const rows = within(await region('微信接口响应'))
    .getAllByRole('row')
    .slice(1)
  expect(rows.map(({ textContent }) => textContent)).toEqual([
    '成功 (0)code2Session · 免密商城5010 毫秒100 毫秒',
    '没有收到完整响应code2Session · 免密商城310 毫秒100 毫秒',
    '登录码无效或已过期 (40029)code2Session · 免密商城210 毫秒100 毫秒',
    '其他错误 (99999)code2Session · 免密商城110 毫秒100 毫秒',
  ])
})

it.each([
  [100, '100 毫秒'],
  [100.06, '100.1 毫秒偏高，请求可能变慢'],
])('an event loop delay of %d ms is shown as %s', async (eventLoopP99Ms, text) => {
  openOverview({ health: { ...overview().health, eventLoopP99Ms } })
  expect(valueOfTerm(await region('服务状态'), '事件循环延迟（P99）')).toBe(text)
})

it('the health section shows uptime, memory, database and versions', async () => {
  openOverview()
  const health = await region('服务状态')
  expect(valueOfTerm(health, '已运行')).toBe('3小时')
  expect(valueOfTerm(health, '内存')).toBe('100 MB，其中堆 50 MB')
  expect(valueOfTerm(health, '数据库')).toBe('2 GB')
  expect(valueOfTerm(health, '版本')).toBe('1.2.3，Node 24.21.0')
})

it('a period without data explains each empty section', async () => {
  openOverview()
  await region('今天')
  for (const text of [
    '这段时间没有登录。小程序第一次登录后，这里会显示曲线。',
    '这段时间没有未绑定的登录。',
    '这段时间没有被拒绝的登录。',
    '这段时间没有调用微信接口。',
    '今天还没有调用微信接口。',
  ])
    screen.getByText(text)
})

it('while another period is loading the previous one stays visible', async () => {
  const { service, user } = openOverview()
  await region('今天')
  service.replies.overview = () => new Promise(() => undefined)
  await user.click(screen.getByText('90 天'))
  await waitFor(() => expect(service.inputs('overview')).toHaveLength(2))
  screen.getByRole('region', { name: '今天' })
})

it('an overload is retried after 1 s and 2 s before it is shown', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
  onTestFinished(() => void vi.useRealTimers())
  const { service } = openOverview({}, '', { overview: () => fail('overloaded') })
  await screen.findByText('服务繁忙。请稍后再试。')
  expect(service.inputs('overview')).toHaveLength(3)
})
