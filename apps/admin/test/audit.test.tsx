// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, it, onTestFinished, vi } from 'vitest'
import {
  auditButton as button,
  auditEntry as entry,
  openAudit,
  auditTable as table,
} from './harness/audit-page.ts'
import { fail } from './harness/fake-service.ts'
import { fieldValue } from './harness/open-console.tsx'

it('an entry names action and outcome, links its person and shows unknown codes as they are', async () => {
  openAudit('', {
    'audit.list': {
      items: [
        entry({ operatorId: 'admin-00000000067890' }),
        entry({ id: 2, action: 'toString', outcome: 'new_reason', userId: null, appId: null }),
      ],
      next: null,
    },
  })
  const rows = within(await table()).getAllByRole('row')
  const cells = (index: number) =>
    within(rows[index] ?? document.body)
      .getAllByRole('cell')
      .slice(1)
      .map(({ textContent }) => textContent)
  expect(cells(1)).toEqual([
    '微信登录',
    '成功',
    '…0000012345',
    '…0000067890',
    '免密商城',
    '203.0.113.7iPhone 17',
  ])
  expect(cells(2).slice(0, 4)).toEqual(['toString', 'new_reason', '', ''])
  const link = screen.getByRole('link', { name: '…0000012345' })
  expect(link.getAttribute('href')).toBe('/admin/people/user-00000000012345')
})

it('people, administrators, service keys and apps are called by their names, with the ID as a hint', async () => {
  openAudit('', {
    'audit.list': {
      items: [
        entry({ userName: '小雨', operatorId: 'admin-1', operatorName: 'shouye' }),
        entry({ id: 2, operatorId: 'key-1', operatorName: 'pay', appId: 'wx2' }),
      ],
      next: null,
    },
  })
  const log = within(await table())
  const person = log.getByRole('link', { name: '小雨' })
  expect(person.getAttribute('href')).toBe('/admin/people/user-00000000012345')
  expect(person.title).toBe('user-00000000012345')
  expect(log.getByRole('link', { name: 'shouye' }).title).toBe('admin-1')
  expect(log.getByRole('link', { name: 'pay' }).getAttribute('href')).toBe('/admin/service-keys')
  expect(log.getByTitle('wx1').textContent).toBe('免密商城')
  // An app without a name is called by its appid.
  expect(log.getByTitle('wx2').textContent).toBe('wx2')
})

it('the URL holds the filters, and invalid ones are not sent', async () => {
  const search =
    '?from=2026-11-22T18:00:00%2B08:00&to=never&action=sign_in&outcome=fine&userId=user-1&extra=1'
  const { service } = openAudit(search)
  await table()
  expect(service.inputs('audit.list')).toEqual([
    { from: '2026-11-22T10:00:00.000Z', action: 'sign_in', userId: 'user-1' },
  ])
  expect(fieldValue(screen.getByLabelText('操作'))).toBe('sign_in')
  expect(fieldValue(screen.getByLabelText('用户 ID'))).toBe('user-1')
})

it('typed filters apply together on submit, trimmed, and not while typing', async () => {
  const { service, user, url } = openAudit()
  await table()
  await user.type(screen.getByLabelText('用户 ID'), ' user-1 ')
  await user.type(screen.getByLabelText('管理员的用户 ID'), '  ')
  expect(service.inputs('audit.list')).toHaveLength(1)
  await user.click(await button('查询'))
  await waitFor(() => expect(url()).toBe('/audit?userId=user-1'))
  await waitFor(() => expect(service.inputs('audit.list').at(-1)).toEqual({ userId: 'user-1' }))
  await user.clear(screen.getByLabelText('用户 ID'))
  await user.click(await button('查询'))
  await waitFor(() => expect(url()).toBe('/audit'))
})

it('a selected action applies at once and keeps what was typed', async () => {
  const { user, url } = openAudit('?cursor=page-2')
  await table()
  await user.type(screen.getByLabelText('管理员的用户 ID'), 'admin-1')
  await user.selectOptions(screen.getByLabelText('操作'), '微信登录')
  await waitFor(() => expect(url()).toBe('/audit?action=sign_in&operatorId=admin-1'))
  await user.click(await button('清除'))
  await waitFor(() => expect(url()).toBe('/audit'))
  expect(fieldValue(screen.getByLabelText('管理员的用户 ID'))).toBe('')
})

it('changes are shown alone until reads or both are chosen, and the pages start at the first', async () => {
  const { service, user, url } = openAudit('?cursor=page-2')
  await table()
  expect(service.inputs('audit.list')).toEqual([{ kind: 'change', cursor: 'page-2' }])
  await user.selectOptions(screen.getByLabelText('类型'), '只读')
  await waitFor(() => expect(url()).toBe('/audit?kind=read'))
  await waitFor(() => expect(service.inputs('audit.list').at(-1)).toEqual({ kind: 'read' }))
  await user.selectOptions(screen.getByLabelText('类型'), '全部类型')
  await waitFor(() => expect(service.inputs('audit.list').at(-1)).toEqual({}))
  await user.selectOptions(screen.getByLabelText('类型'), '变更')
  await waitFor(() => expect(url()).toBe('/audit'))
  await user.selectOptions(screen.getByLabelText('操作'), '查看人员')
  await waitFor(() =>
    expect(service.inputs('audit.list').at(-1)).toEqual({ action: 'admin.people.view' }),
  )
})

it('of one person everything is shown until a kind is chosen', async () => {
  const { service, user, url } = openAudit('?userId=user-1')
  await table()
  expect(fieldValue(screen.getByLabelText('类型'))).toBe('all')
  expect(service.inputs('audit.list')).toEqual([{ userId: 'user-1' }])
  await user.selectOptions(screen.getByLabelText('类型'), '变更')
  await waitFor(() => expect(url()).toBe('/audit?userId=user-1&kind=change'))
  await waitFor(() =>
    expect(service.inputs('audit.list').at(-1)).toEqual({ userId: 'user-1', kind: 'change' }),
  )
  await user.selectOptions(screen.getByLabelText('类型'), '全部类型')
  await waitFor(() => expect(url()).toBe('/audit?userId=user-1'))
})

it('a deleted user is shown by a pseudonym that leads to no page', async () => {
  const userId = `p-${'0123456789abcdef'.repeat(2)}`
  openAudit('', { 'audit.list': { items: [entry({ userId })], next: null } })
  const rows = within(await table()).getAllByRole('row')
  const cell = within(rows[1] ?? document.body).getByText('…6789abcdef')
  expect(cell.title).toBe(`已删除的用户，假名：${userId}`)
  expect(within(rows[1] ?? document.body).queryByRole('link')).toBeNull()
})

it('an entry of several calls says how many', async () => {
  openAudit('', {
    'audit.list': {
      items: [entry({ outcome: 'code_used', count: 1_234 }), entry({ id: 2 })],
      next: null,
    },
  })
  const rows = within(await table()).getAllByRole('row')
  expect(rows[1]?.textContent).toContain('登录码已用过× 1,234')
  expect(rows[2]?.textContent).not.toContain('×')
})

it('a time range is entered in local time and sent in UTC', async () => {
  vi.stubEnv('TZ', 'Asia/Shanghai')
  const { service, user } = openAudit('?from=2026-11-22T10:00:00.000Z')
  await table()
  const from = await screen.findByLabelText('从', { selector: ':enabled' })
  expect(fieldValue(from)).toBe('2026-11-22 18:00')
  await user.clear(from)
  await user.type(from, '2026-11-23 00:30')
  await user.tab()
  await user.click(await button('查询'))
  await waitFor(() =>
    expect(service.inputs('audit.list').at(-1)).toEqual({
      from: '2026-11-22T16:30:00.000Z',
      kind: 'change',
    }),
  )
})

it.each([
  ['1 小时', 1],
  ['24 小时', 24],
  ['7 天', 7 * 24],
  ['30 天', 30 * 24],
])('the recent period of %s starts that long ago and removes the end', async (name, hours) => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 12), toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const { service, user } = openAudit('?to=2026-11-20T00:00:00.000Z&outcome=ok')
  await table()
  await user.click(await button(name))
  const from = new Date(Date.now() - hours * 3_600_000).toISOString()
  await waitFor(() =>
    expect(service.inputs('audit.list').at(-1)).toEqual({
      from,
      outcome: 'ok',
      kind: 'change',
    }),
  )
})

it('an empty log and an empty search result have different texts', async () => {
  const { user } = openAudit('', { 'audit.list': { items: [], next: null } })
  await screen.findByText('还没有记录')
  await user.selectOptions(screen.getByLabelText('结果'), '服务出错')
  await screen.findByText('没有符合条件的记录')
})

it('a refresh reads the same page of the log again', async () => {
  const { service, user } = openAudit('?outcome=ok')
  await table()
  service.replies['audit.list'] = { items: [entry({ action: 'bind' })], next: null }
  await user.click(await button('刷新'))
  await within(await table()).findByText('绑定微信')
  expect(service.inputs('audit.list')).toEqual([
    { outcome: 'ok', kind: 'change' },
    { outcome: 'ok', kind: 'change' },
  ])
})

it('an error can be retried', async () => {
  const { service, user } = openAudit('', { 'audit.list': () => fail('internal') })
  await screen.findByText('服务出错了，详情见服务日志。')
  service.replies['audit.list'] = { items: [entry()], next: null }
  await user.click(await button('重试'))
  await table()
})
