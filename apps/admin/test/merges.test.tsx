// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fail, type OutputOf, type Replies } from './harness/fake-service.ts'
import { conflict, listedPerson, merge, minutesAgo } from './harness/fixtures.ts'
import { type OpenedConsole, openConsole } from './harness/open-console.tsx'

const { first, second, unionid } = conflict()

const preview: OutputOf<'conflicts.preview'> = {
  kept: first,
  gone: second,
  moves: {
    identities: [
      {
        appId: 'wx2',
        openid: 'o2',
        unionid,
        boundAt: minutesAgo(100),
        boundBy: 'register',
        lastSeenAt: minutesAgo(100),
        device: null,
      },
    ],
    account: null,
    password: false,
    phone: null,
    nickname: null,
    avatarUrl: null,
    externalId: null,
  },
  stays: { identities: [], account: null, phone: null, nickname: 'Ming', externalId: null },
  endedSessions: 2,
}

const openMerges = (replies: Replies = {}) =>
  openConsole('/conflicts', {
    'conflicts.list': { items: [conflict()], next: null, count: null },
    'conflicts.preview': preview,
    'conflicts.merge': { merge: merge() },
    'conflicts.undo': {},
    ...replies,
  })

const input = { unionid, firstUserId: 'user-1', secondUserId: 'user-2', keepUserId: 'user-1' }

async function openPreview(console: OpenedConsole, keep = 'ming-1'): Promise<HTMLElement> {
  await console.user.click(await screen.findByRole('button', { name: `保留 ${keep}` }))
  return screen.findByRole('dialog', { name: '合并预览' })
}

async function askMerge(console: OpenedConsole): Promise<HTMLElement> {
  const drawer = await openPreview(console)
  await within(drawer).findByText('ming-2 将并入 ming-1。')
  await console.user.click(within(drawer).getByRole('button', { name: '合并…' }))
  return screen.findByRole('dialog', { name: '确定合并吗？' })
}

it('without a conflict the page says so', async () => {
  openMerges({ 'conflicts.list': { items: [], next: null, count: null } })
  await screen.findByText('没有待处理的冲突')
  await screen.findByText('还没有合并过用户。')
})

it('says how many conflicts are open', async () => {
  const count = { value: 1_000, isExact: false }
  openMerges({ 'conflicts.list': { items: [conflict()], next: 'c', count } })
  await screen.findByText('待处理 1,000+ 组')
})

it('the administrator of a merge is shown by name, and by the id where there is none', async () => {
  openMerges({
    'conflicts.merges': {
      merges: [merge(), merge({ id: 'merge-2', operatorId: 'admin-gone', operatorName: null })],
    },
  })
  const link = await screen.findByRole('link', { name: 'ops' })
  expect([link.getAttribute('href'), link.title]).toEqual(['/admin/people/admin-1', 'admin-1'])
  screen.getByRole('link', { name: 'admin-gone' })
})

it.each([
  ['ming-1', 'user-1'],
  ['ming-2', 'user-2'],
])('keeping %s previews exactly that merge and merges nothing', async (name, keepUserId) => {
  const console = openMerges()
  await openPreview(console, name)
  await waitFor(() =>
    expect(console.service.inputs('conflicts.preview')).toEqual([{ ...input, keepUserId }]),
  )
  expect(console.service.inputs('conflicts.merge')).toEqual([])
})

it('the preview lists what moves, what stays and what ends', async () => {
  const console = openMerges()
  const drawer = await openPreview(console)
  await within(drawer).findByText('ming-2 将并入 ming-1。')
  const effects = within(drawer).getAllByRole('listitem')
  expect(effects.map(({ textContent }) => textContent)).toEqual([
    '小程序 wx2 的微信身份 o2',
    '昵称“Ming”',
    '吊销 2 个会话，小程序会自动重新登录',
    '账号 ming-2 不能再用来登录',
    '在小程序 免密商城 的另一个微信身份不能再登录',
    'ming-2 不再出现在人员中，24 小时后彻底删除',
  ])
})

it('a preview is not kept once the page is left', async () => {
  const console = openMerges()
  const drawer = await openPreview(console)
  await within(drawer).findByText('ming-2 将并入 ming-1。')
  await console.user.click(within(drawer).getByRole('button', { name: '取消' }))
  await console.user.click(screen.getByRole('link', { name: '小程序' }))
  await screen.findByText('还没有配置小程序')
  const { queryClient } = console
  await waitFor(() =>
    expect(queryClient.getQueriesData({ queryKey: [['conflicts', 'preview']] })).toEqual([]),
  )
})

it('a preview that fails cannot be merged', async () => {
  const console = openMerges({ 'conflicts.preview': () => fail('not_found') })
  const drawer = await openPreview(console)
  await within(drawer).findByText('没有找到，可能已被删除。')
  const button = within(drawer).getByRole('button', { name: '合并…' }) as HTMLButtonElement
  expect(button.disabled).toBe(true)
})

it('a merge is confirmed once more, and Enter without reading cancels', async () => {
  const console = openMerges()
  const dialog = await askMerge(console)
  within(dialog).getByText('ming-2 将并入 ming-1，其会话全部吊销。24 小时内可以撤销。')
  const cancel = within(dialog).getByRole('button', { name: '取消' })
  await waitFor(() => expect(document.activeElement).toBe(cancel))
  await console.user.keyboard('{Enter}')
  await waitFor(() => expect(screen.queryByRole('dialog', { name: '确定合并吗？' })).toBeNull())
  expect(console.service.inputs('conflicts.merge')).toEqual([])
})

it('after a merge the conflicts and merges are refetched, not the preview, and it can be undone', async () => {
  const console = openMerges()
  const dialog = await askMerge(console)
  await console.user.click(within(dialog).getByRole('button', { name: '合并' }))
  const drawer = await screen.findByRole('dialog', { name: '合并预览' })
  await within(drawer).findByText('ming-2 已并入 ming-1。')
  expect(console.service.inputs('conflicts.merge')).toEqual([input])
  await waitFor(() => expect(console.service.inputs('conflicts.list')).toHaveLength(2))
  await waitFor(() => expect(console.service.inputs('conflicts.merges')).toHaveLength(2))
  expect(console.service.inputs('conflicts.preview')).toHaveLength(1)
  within(drawer).getByRole('button', { name: '撤销' })
})

it('a merge that fails shows the error in the preview', async () => {
  const console = openMerges({ 'conflicts.merge': () => fail('identity_taken') })
  const dialog = await askMerge(console)
  await console.user.click(within(dialog).getByRole('button', { name: '合并' }))
  const drawer = screen.getByRole('dialog', { name: '合并预览' })
  await within(drawer).findByText('这个微信身份已绑定到其他用户。')
  within(drawer).getByRole('button', { name: '合并…' })
})

it('an administrator cannot be merged into another user', async () => {
  openMerges({
    'conflicts.list': {
      items: [
        conflict({ second: listedPerson({ id: 'user-2', account: 'ming-2', role: 'admin' }) }),
      ],
      next: null,
      count: null,
    },
  })
  await screen.findByRole('button', { name: '保留 ming-2' })
  expect(screen.queryByRole('button', { name: '保留 ming-1' })).toBeNull()
  screen.getByText('另一个用户是管理员，不能并入其他用户。')
})

const openMergeList = (merges: OutputOf<'conflicts.merges'>['merges'], replies: Replies = {}) =>
  openMerges({
    'conflicts.list': { items: [], next: null, count: null },
    'conflicts.merges': { merges },
    ...replies,
  })

async function undo(console: OpenedConsole): Promise<void> {
  await console.user.click(await screen.findByRole('button', { name: '撤销' }))
  const dialog = await screen.findByRole('dialog')
  expect(console.service.inputs('conflicts.undo')).toEqual([])
  // Enter confirms what takes nothing away.
  const confirm = within(dialog).getByRole('button', { name: '撤销' })
  await waitFor(() => expect(document.activeElement).toBe(confirm))
  await console.user.keyboard('{Enter}')
}

it('a merge is undone after a confirmation, and both lists are refetched', async () => {
  const console = openMergeList([merge()])
  await undo(console)
  await screen.findByText('合并已撤销')
  expect(console.service.inputs('conflicts.undo')).toEqual([{ mergeId: 'merge-1' }])
  await waitFor(() => expect(console.service.inputs('conflicts.list')).toHaveLength(2))
  await waitFor(() => expect(console.service.inputs('conflicts.merges')).toHaveLength(2))
})

it('an undo that fails is reported, and the lists are refetched too', async () => {
  const console = openMergeList([merge()], { 'conflicts.undo': () => fail('account_taken') })
  await undo(console)
  await screen.findByText('这个账号或手机号已被使用。')
  expect(screen.queryByText('合并已撤销')).toBeNull()
  await waitFor(() => expect(console.service.inputs('conflicts.merges')).toHaveLength(2))
})

it('a merge can be undone until its deadline, and only once', async () => {
  openMergeList([
    merge({ id: 'late', undoUntil: minutesAgo(1) }),
    merge({ id: 'undone', undoneAt: minutesAgo(5) }),
  ])
  await screen.findByText('已过撤销期限')
  screen.getByText(/^已于.+撤销$/)
  expect(screen.queryByRole('button', { name: '撤销' })).toBeNull()
})
