// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import {
  auditButton as button,
  auditEntry as entry,
  openAudit,
  auditTable as table,
} from './harness/audit-page.ts'
import { collectDownloads } from './harness/downloads.ts'
import { fail } from './harness/fake-service.ts'

/** Starts an export of three entries whose first page does not arrive until `respond` is called. */
async function startWaitingExport() {
  const waiting: (() => void)[] = []
  const downloads = collectDownloads()
  const { service, user } = openAudit('', {
    'audit.count': { count: 3 },
    'audit.list': ({ limit }) =>
      limit === 500
        ? new Promise((resolve) => {
            waiting.push(() => resolve({ items: [entry()], next: 'more' }))
          })
        : { items: [entry()], next: null },
  })
  await table()
  await user.click(await button('导出 CSV'))
  await screen.findByText('已读取 0 / 3 行')
  await waitFor(() => expect(waiting).toHaveLength(1))
  const respond = () => {
    for (const each of waiting) each()
  }
  /** A further page of the export would have been requested before the refreshed page of the log. */
  const expectNoMore = async () => {
    service.replies['audit.list'] = { items: [entry({ action: 'bind' })], next: null }
    await user.click(await button('刷新'))
    await within(await table()).findByText('绑定微信')
    const pages = service.inputs('audit.list').filter((input) => 'limit' in Object(input))
    expect(pages).toHaveLength(1)
    expect(downloads).toEqual([])
  }
  return { user, respond, expectNoMore }
}

it('the export contains all filtered entries with names in the language of the console', async () => {
  const downloads = collectDownloads()
  const { service, user } = openAudit('?outcome=ok&from=2026-11-20T12:00:00.000Z', {
    'audit.count': { count: 2 },
    'audit.list': ({ cursor }) =>
      cursor === undefined
        ? { items: [entry()], next: 'rest' }
        : { items: [entry({ id: 2, action: 'admin.people.list', operatorId: 'a1' })], next: null },
  })
  await table()
  await user.click(await button('导出 CSV'))
  await screen.findByText(/^已导出 2 行，文件名为 audit-20261120-\d{8}\.csv。$/)
  expect(downloads.map(({ name }) => name)).toEqual([
    expect.stringMatching(/^audit-20261120-\d{8}\.csv$/),
  ])
  const lines = (await downloads[0]?.text)?.replace('\uFEFF', '').split('\r\n')
  expect(lines).toEqual([
    '编号,时间（UTC）,操作代码,操作,结果代码,结果,用户,管理员,小程序,网络地址,设备,次数',
    '1,2026-11-22T10:05:00.000Z,sign_in,微信登录,ok,成功,user-00000000012345,,wx1,203.0.113.7,iPhone 17,1',
    '2,2026-11-22T10:05:00.000Z,admin.people.list,查找人员,ok,成功,user-00000000012345,a1,wx1,203.0.113.7,iPhone 17,1',
    '',
  ])
  const range = {
    outcome: 'ok',
    kind: 'change',
    from: '2026-11-20T12:00:00.000Z',
    to: expect.any(String),
  }
  expect(service.inputs('audit.count')).toEqual([range])
  expect(service.inputs('audit.list').slice(1)).toEqual([
    { ...range, limit: 500 },
    { ...range, limit: 500, cursor: 'rest' },
  ])
})

it('an export without entries downloads no file', async () => {
  const downloads = collectDownloads()
  const { user } = openAudit('', {
    'audit.count': { count: 0 },
    'audit.list': { items: [], next: null },
  })
  await screen.findByText('还没有记录')
  await user.click(await button('导出 CSV'))
  await within(await screen.findByRole('dialog')).findByText('没有符合条件的记录')
  expect(downloads).toEqual([])
})

it('closing the dialog cancels the export', async () => {
  const { user, respond, expectNoMore } = await startWaitingExport()
  await user.click(await button('取消'))
  respond()
  await expectNoMore()
})

it('leaving the page cancels the export', async () => {
  const { user, respond, expectNoMore } = await startWaitingExport()
  await user.click(screen.getByRole('link', { name: '小程序' }))
  await screen.findByText('还没有配置小程序')
  respond()
  await user.click(screen.getByRole('link', { name: '审计日志' }))
  // A page that was read less than a second ago is not read again by itself.
  await expectNoMore()
})

it('an export that fails says why and can be retried', async () => {
  const downloads = collectDownloads()
  const { service, user } = openAudit('', { 'audit.count': () => fail('rate_limited') })
  await table()
  await user.click(await button('导出 CSV'))
  const dialog = await screen.findByRole('dialog')
  await within(dialog).findByText('尝试次数过多。请稍后再试。')
  service.replies['audit.count'] = { count: 1 }
  await user.click(within(dialog).getByRole('button', { name: '重试' }))
  await within(dialog).findByText(/^已导出 1 行/)
  expect(downloads).toHaveLength(1)
})
