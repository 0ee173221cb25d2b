// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fail } from './harness/fake-service.ts'
import { listedPerson } from './harness/fixtures.ts'
import { fieldValue, openConsole } from './harness/open-console.tsx'

const table = () => screen.findByRole('table', { name: '人员列表' })
const button = (name: string) => screen.findByRole('button', { name })
const xiaoyu = listedPerson()
const plain = listedPerson({
  id: 'user-2',
  account: null,
  nickname: null,
  phone: '138****8000',
  role: 'admin',
  disabledAt: new Date().toISOString(),
  appIds: ['wx1', 'wx2', 'wx3'],
})

it('the list shows name, masked phone number, status and mini programs of each person', async () => {
  openConsole('/people', { 'people.list': { items: [xiaoyu, plain], next: null, count: null } })
  const [, first, second] = within(await table()).getAllByRole('row')
  const cells = (row: HTMLElement | undefined) =>
    within(row ?? document.body)
      .getAllByRole('cell')
      .slice(0, 5)
      .map(({ textContent }) => textContent)
  expect(cells(first)).toEqual(['小小雨', 'linxiaoyu', '139****6789', '免密商城', '正常'])
  expect(cells(second)).toEqual(['1138****8000', '—', '138****8000', '免密商城 +2', '已停用管理员'])
})

it('the URL holds the filters, and unknown or invalid parameters are not sent', async () => {
  const { service } = openConsole(
    '/people?search=%20lin%20&status=disabled&role=root&appId=wx1&limit=100&extra=1',
  )
  await table()
  expect(service.inputs('people.list')).toEqual([
    { search: 'lin', status: 'disabled', appId: 'wx1' },
  ])
  expect(fieldValue(screen.getByLabelText('查找人员'))).toBe('lin')
  expect(fieldValue(screen.getByLabelText('状态'))).toBe('disabled')
  expect(fieldValue(screen.getByLabelText('角色'))).toBe('')
})

const optionsOf = (label: string) =>
  within(screen.getByLabelText(label))
    .getAllByRole('option')
    .map(({ textContent }) => textContent)

it('the order is chosen, goes into the URL and is requested', async () => {
  const { service, user, url } = openConsole('/people')
  await table()
  expect(optionsOf('排序')).toEqual(['最新在前', '最早在前', '按账号名'])
  await user.selectOptions(screen.getByLabelText('排序'), '最早在前')
  await waitFor(() => expect(url()).toBe('/people?sort=oldest'))
  expect(service.inputs('people.list').at(-1)).toEqual({ sort: 'oldest' })
})

it('an order that the service does not have for the filters is neither offered nor sent', async () => {
  const { service, user, url } = openConsole('/people?sort=account')
  await table()
  expect(service.inputs('people.list')).toEqual([{ sort: 'account' }])
  await user.selectOptions(screen.getByLabelText('状态'), '已停用')
  await waitFor(() => expect(url()).toBe('/people?status=disabled'))
  expect(optionsOf('排序')).toEqual(['最新在前', '最早在前'])
})

it.each(['?search=lin&sort=oldest', '?role=admin&sort=account', '?sort=lastSeen'])(
  'the order is dropped from %s',
  async (search) => {
    const { service } = openConsole(`/people${search}`)
    await table()
    expect(service.inputs('people.list')[0]).not.toHaveProperty('sort')
  },
)

it('a search has an order of its own, so none is offered', async () => {
  openConsole('/people?search=lin')
  await table()
  expect(screen.queryByLabelText('排序')).toBeNull()
})

it.each([
  [{ value: 1, isExact: true }, '共 1 人'],
  [{ value: 1_000, isExact: false }, '共 1,000+ 人'],
  [null, ''],
])('the number of people is shown: %j', async (count, shown) => {
  openConsole('/people', { 'people.list': { items: [xiaoyu], next: null, count } })
  await table()
  expect(screen.getByRole('status').textContent).toBe(shown)
})

it('a search of digits stays text', async () => {
  const { service } = openConsole('/people?search=13900006789')
  await table()
  expect(service.inputs('people.list')).toEqual([{ search: '13900006789' }])
})

it('the search runs on submit, trimmed, and not while typing', async () => {
  const { service, user, url } = openConsole('/people')
  await table()
  await user.type(screen.getByLabelText('查找人员'), ' lin ')
  expect(service.inputs('people.list')).toHaveLength(1)
  await user.keyboard('{Enter}')
  await waitFor(() => expect(url()).toBe('/people?search=lin'))
  expect(service.inputs('people.list').at(-1)).toEqual({ search: 'lin' })
})

it('a filter keeps the others and drops the cursor', async () => {
  const { service, user, url } = openConsole('/people?search=lin&cursor=page-2')
  await table()
  await user.selectOptions(screen.getByLabelText('角色'), '管理员')
  await waitFor(() => expect(url()).toBe('/people?search=lin&role=admin'))
  await waitFor(() =>
    expect(service.inputs('people.list').at(-1)).toEqual({ search: 'lin', role: 'admin' }),
  )
  await user.selectOptions(screen.getByLabelText('角色'), '所有角色')
  await waitFor(() => expect(url()).toBe('/people?search=lin'))
  await user.click(await button('清除条件'))
  await waitFor(() => expect(url()).toBe('/people'))
  expect(fieldValue(screen.getByLabelText('查找人员'))).toBe('')
})

it('the filter lists the configured mini programs by name, without a call of its own', async () => {
  const { service, user, url } = openConsole('/people')
  await table()
  const filter = within(screen.getByLabelText('小程序'))
  const options = filter.getAllByRole('option').map(({ textContent }) => textContent)
  expect(options).toEqual(['所有小程序', '免密商城', 'wx2'])
  await user.selectOptions(screen.getByLabelText('小程序'), '免密商城')
  await waitFor(() => expect(url()).toBe('/people?appId=wx1'))
  expect(service.inputs('apps.list')).toEqual([])
})

it('the filter of a mini program that is not configured any more stays selected', async () => {
  openConsole('/people?appId=wx-old')
  await table()
  expect(fieldValue(screen.getByLabelText('小程序'))).toBe('wx-old')
})

it('without any person the page explains when people appear', async () => {
  openConsole('/people', { 'people.list': { items: [], next: null, count: null } })
  await screen.findByText('还没有用户登录过')
  expect(screen.queryByText('没有符合条件的人员')).toBeNull()
})

it('without a match the page offers to clear the filters', async () => {
  const { user, url } = openConsole('/people?search=unknown', {
    'people.list': ({ search }) => ({ items: search ? [] : [xiaoyu], next: null, count: null }),
  })
  await screen.findByText('没有符合条件的人员')
  await user.click(screen.getByRole('link', { name: '清除条件' }))
  await screen.findByText('小雨')
  expect(url()).toBe('/people')
})

it('an error replaces the list and can be retried', async () => {
  const { service, user } = openConsole('/people', { 'people.list': () => fail('forbidden') })
  await screen.findByText(/^没有权限执行这个操作。/)
  service.replies['people.list'] = { items: [xiaoyu], next: null, count: null }
  await user.click(await button('重试'))
  await screen.findByText('小雨')
  expect(screen.queryByText(/^没有权限执行这个操作。/)).toBeNull()
})

it('pages are turned by cursor, forward, back and to the first', async () => {
  const names = ['one', 'two', 'three']
  const { service, user, url } = openConsole('/people', {
    'people.list': ({ cursor = 'c0' }) => {
      const page = Number(cursor.slice(1))
      return {
        items: [listedPerson({ nickname: names[page] ?? null })],
        next: page < 2 ? `c${page + 1}` : null,
        count: null,
      }
    },
  })
  const isDisabled = (name: string) =>
    (screen.getByRole('button', { name }) as HTMLButtonElement).disabled
  await screen.findByText('one')
  expect(['首页', '上一页', '下一页'].map(isDisabled)).toEqual([true, true, false])
  await user.click(await button('下一页'))
  await screen.findByText('two')
  await user.click(await button('下一页'))
  await screen.findByText('three')
  expect(url()).toBe('/people?cursor=c2')
  expect(['首页', '上一页', '下一页'].map(isDisabled)).toEqual([false, false, true])
  await user.click(await button('上一页'))
  await screen.findByText('two')
  expect(url()).toBe('/people?cursor=c1')
  await user.click(await button('上一页'))
  await screen.findByText('one')
  expect(isDisabled('上一页')).toBe(true)
  await user.click(await button('下一页'))
  await screen.findByText('two')
  await user.click(await button('下一页'))
  await screen.findByText('three')
  await user.click(await button('首页'))
  await screen.findByText('one')
  expect(url()).toBe('/people')
  expect(isDisabled('上一页')).toBe(true)
  expect(service.inputs('people.list')[1]).toEqual({ cursor: 'c1' })
})

it('/ moves the focus to the search, but is typed inside a field', async () => {
  const { user } = openConsole('/people')
  await table()
  const search = screen.getByLabelText('查找人员')
  await user.keyboard('/')
  expect(document.activeElement).toBe(search)
  expect(fieldValue(search)).toBe('')
  await user.keyboard('a/b')
  expect(fieldValue(search)).toBe('a/b')
})

it('/ is an ordinary key on other pages, and with a modifier', async () => {
  const { user } = openConsole('/people')
  await table()
  /** Whether the page has used the key. */
  const isUsed = (modifier = {}): boolean =>
    !document.dispatchEvent(
      new KeyboardEvent('keydown', { key: '/', cancelable: true, ...modifier }),
    )
  expect([isUsed(), isUsed({ ctrlKey: true }), isUsed({ metaKey: true })]).toEqual([
    true,
    false,
    false,
  ])
  await user.click(screen.getByRole('link', { name: '小程序' }))
  await screen.findByText('还没有配置小程序')
  expect(isUsed()).toBe(false)
})

it('the arrow keys move between the rows and stop at the ends', async () => {
  const people = ['one', 'two'].map((nickname, id) => listedPerson({ id: `u${id}`, nickname }))
  const { user, url } = openConsole('/people', {
    'people.list': { items: people, next: null, count: null },
  })
  await table()
  const focused = () => document.activeElement?.textContent
  await user.keyboard('{ArrowDown}')
  expect(focused()).toBe('Oone')
  await user.keyboard('{ArrowUp}')
  expect(focused()).toBe('Oone')
  await user.keyboard('{ArrowDown}')
  expect(focused()).toBe('Ttwo')
  await user.keyboard('{ArrowDown}')
  expect(focused()).toBe('Ttwo')
  await user.keyboard('{Enter}')
  await waitFor(() => expect(url()).toBe('/people/u1'))
})

it('only the link of the current page is marked in the navigation', async () => {
  openConsole('/people')
  await table()
  const current = screen.getAllByRole('link', { current: 'page' })
  expect(current.map(({ textContent }) => textContent)).toEqual(['人员'])
})

it('an unknown path shows the not-found page with a link to the overview', async () => {
  openConsole('/nowhere')
  await screen.findByRole('heading', { level: 1, name: '没有这个页面' })
  expect(screen.getByRole('link', { name: '返回概览' }).getAttribute('href')).toBe('/admin/')
})
