// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fail, type OutputOf, type Replies } from './harness/fake-service.ts'
import { minutesAgo } from './harness/fixtures.ts'
import { type OpenedConsole, openConsole } from './harness/open-console.tsx'

type Administrator = OutputOf<'administrators.list'>['administrators'][number]

const listed = (change: Partial<Administrator> = {}): Administrator => ({
  id: 'admin-1',
  account: 'shouye',
  createdAt: minutesAgo(60 * 24 * 40),
  disabledAt: null,
  lastSeenAt: minutesAgo(3),
  hasSecondFactor: true,
  enrolmentExpiresAt: null,
  ...change,
})

const enrolment = {
  enrolmentCode: 'ABCD-EFGH-2345-6789-JKMN',
  enrolmentCodeExpiresAt: minutesAgo(-24 * 60),
}

const replies: Replies = {
  'administrators.list': {
    administrators: [
      listed(),
      listed({
        id: 'admin-2',
        account: 'boss',
        hasSecondFactor: false,
        enrolmentExpiresAt: minutesAgo(-60),
        lastSeenAt: null,
      }),
      listed({ id: 'admin-3', account: 'late', hasSecondFactor: false, disabledAt: minutesAgo(1) }),
    ],
  },
  'administrators.add': { id: 'admin-4', ...enrolment },
  'administrators.remove': {},
  'administrators.resetFactor': enrolment,
}

const codeLabel = '你的验证器上的 6 位数字'

async function open(more: Replies = {}): Promise<OpenedConsole> {
  const console = openConsole('/administrators', { ...replies, ...more })
  await screen.findByRole('table', { name: '管理员列表' })
  return console
}

const rowOf = (account: string) => {
  const table = within(screen.getByRole('table', { name: '管理员列表' }))
  const row = table.getByRole('link', { name: account }).closest('tr')
  if (row === null) throw new Error(`no row of ${account}`)
  return within(row)
}

async function openChange(console: OpenedConsole, account: string, verb: string) {
  await console.user.click(rowOf(account).getByRole('button', { name: verb }))
  return within(await screen.findByRole('dialog'))
}

it('administrators are listed with what they sign in with, and link to their page', async () => {
  await open()
  expect(rowOf('shouye').getByText('已设置')).toBeTruthy()
  expect(rowOf('boss').getByText(/^等待设置/)).toBeTruthy()
  expect(rowOf('late').getByText('未设置，注册码已过期')).toBeTruthy()
  expect(rowOf('late').getByText('已停用')).toBeTruthy()
  const link = screen.getByRole('link', { name: 'boss' })
  expect(link.getAttribute('href')).toBe('/admin/people/admin-2')
})

it('a new administrator needs a name, a password and a code; the enrolment code is shown once', async () => {
  const console = await open()
  await console.user.click(screen.getByRole('button', { name: '添加管理员' }))
  const dialog = within(await screen.findByRole('dialog'))
  await console.user.click(dialog.getByRole('button', { name: '添加管理员' }))
  await dialog.findByText('8 到 128 个字符')
  await dialog.findByText('请输入 6 位数字')
  expect(console.service.inputs('administrators.add')).toEqual([])
  await console.user.type(dialog.getByLabelText('账号'), 'newboss')
  await console.user.type(dialog.getByLabelText('初始密码'), 'sentinel horse')
  await console.user.type(dialog.getByLabelText(codeLabel), '123 456')
  await console.user.click(dialog.getByRole('button', { name: '添加管理员' }))
  await screen.findByText('ABCD-EFGH-2345-6789-JKMN')
  expect(console.service.inputs('administrators.add')).toEqual([
    { account: 'newboss', password: 'sentinel horse', code: '123456' },
  ])
  await waitFor(() => expect(console.service.inputs('administrators.list')).toHaveLength(2))
  await console.user.click(screen.getByRole('button', { name: '复制' }))
  expect(await navigator.clipboard.readText()).toBe('ABCD-EFGH-2345-6789-JKMN')
  await console.user.click(screen.getByRole('button', { name: '我已保存好' }))
  await waitFor(() => expect(screen.queryByText('ABCD-EFGH-2345-6789-JKMN')).toBeNull())
  const cached = console.queryClient.getMutationCache().getAll()
  expect(JSON.stringify(cached.map(({ state }) => state))).not.toContain('ABCD-EFGH')
})

it('a name in use keeps what was typed, but for the code', async () => {
  const console = await open({ 'administrators.add': () => fail('account_taken') })
  await console.user.click(screen.getByRole('button', { name: '添加管理员' }))
  const dialog = within(await screen.findByRole('dialog'))
  await console.user.type(dialog.getByLabelText('账号'), 'boss')
  await console.user.type(dialog.getByLabelText('初始密码'), 'sentinel horse')
  await console.user.type(dialog.getByLabelText(codeLabel), '123456')
  await console.user.click(dialog.getByRole('button', { name: '添加管理员' }))
  await dialog.findByText('这个账号或手机号已被使用。')
  const value = (label: string) => (dialog.getByLabelText(label) as HTMLInputElement).value
  await waitFor(() => expect(value(codeLabel)).toBe(''))
  expect(value('账号')).toBe('boss')
})

it('removing asks for a code, and refetches the list', async () => {
  const console = await open()
  const dialog = await openChange(console, 'boss', '取消管理员')
  await console.user.click(dialog.getByRole('button', { name: '取消管理员' }))
  await dialog.findByText('请输入 6 位数字')
  await console.user.type(dialog.getByLabelText(codeLabel), '123456')
  await console.user.click(dialog.getByRole('button', { name: '取消管理员' }))
  await screen.findByText('已取消管理员身份')
  expect(console.service.inputs('administrators.remove')).toEqual([
    { userId: 'admin-2', code: '123456' },
  ])
  await waitFor(() => expect(console.service.inputs('administrators.list')).toHaveLength(2))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

it.each([
  ['last_credential', '这是最后一位能登录控制台的管理员。'],
  [
    'credential_rejected',
    '验证码不正确或已经用过，请用下一个；仍然不行时，核对手机和服务器的时间。',
  ],
] as const)('a removal that is refused as %s says so in the dialog', async (reason, message) => {
  const console = await open({ 'administrators.remove': () => fail(reason) })
  const dialog = await openChange(console, 'shouye', '取消管理员')
  await console.user.type(dialog.getByLabelText(codeLabel), '123456')
  await console.user.click(dialog.getByRole('button', { name: '取消管理员' }))
  await dialog.findByText(message)
  expect(console.service.inputs('administrators.list')).toHaveLength(1)
})

it('resetting the two-step verification shows the new enrolment code', async () => {
  const console = await open()
  const dialog = await openChange(console, 'shouye', '重置两步验证')
  await console.user.type(dialog.getByLabelText(codeLabel), '654321')
  await console.user.click(dialog.getByRole('button', { name: '重置两步验证' }))
  await screen.findByText('ABCD-EFGH-2345-6789-JKMN')
  await screen.findByText('shouye 的注册码')
  expect(console.service.inputs('administrators.resetFactor')).toEqual([
    { userId: 'admin-1', code: '654321' },
  ])
})
