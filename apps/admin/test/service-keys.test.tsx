// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fail, type OutputOf, type Replies } from './harness/fake-service.ts'
import { minutesAgo } from './harness/fixtures.ts'
import { type OpenedConsole, openConsole } from './harness/open-console.tsx'

type ServiceKey = OutputOf<'serviceKeys.list'>['keys'][number]

const listed = (change: Partial<ServiceKey> = {}): ServiceKey => ({
  id: 'key-1',
  name: 'pay',
  scopes: ['introspect', 'users:read'],
  createdAt: minutesAgo(100),
  createdBy: 'admin-1',
  creatorName: 'ops',
  revokedAt: null,
  secrets: [{ createdAt: minutesAgo(100), expiresAt: null, lastUsedAt: null }],
  ...change,
})

const replies: Replies = {
  'serviceKeys.list': {
    keys: [
      listed(),
      listed({
        id: 'key-2',
        name: 'orders',
        secrets: [
          { createdAt: minutesAgo(9), expiresAt: null, lastUsedAt: null },
          { createdAt: minutesAgo(99), expiresAt: minutesAgo(-60), lastUsedAt: minutesAgo(3) },
        ],
      }),
      listed({ id: 'key-3', name: 'old', revokedAt: minutesAgo(1) }),
    ],
  },
  'serviceKeys.create': { id: 'key-4', key: 'mk_sentinel' },
  'serviceKeys.rotate': { key: 'mk_sentinel', previousUntil: minutesAgo(-60) },
  'serviceKeys.revoke': {},
}

const codeLabel = '你的验证器上的 6 位数字'

async function open(more: Replies = {}): Promise<OpenedConsole> {
  const console = openConsole('/service-keys', { ...replies, ...more })
  await screen.findByRole('table', { name: '服务密钥列表' })
  return console
}

const rowOf = (name: string) => {
  const row = screen.getByRole('cell', { name }).closest('tr')
  if (row === null) throw new Error(`no row of ${name}`)
  return within(row)
}

it('keys are listed with their scopes, their last use and what can be done', async () => {
  await open()
  expect(rowOf('pay').getByText('introspect users:read')).toBeTruthy()
  expect(rowOf('pay').getByText('从未使用')).toBeTruthy()
  expect(rowOf('orders').getByText(/^旧密钥有效至/)).toBeTruthy()
  expect(rowOf('old').getByText('已吊销')).toBeTruthy()
  expect(rowOf('old').queryByRole('button')).toBeNull()
})

it('a key shows who created it by name, by the id without one, and no name for a command', async () => {
  const keys = [
    listed(),
    listed({ id: 'key-2', name: 'orders', creatorName: null }),
    listed({ id: 'key-3', name: 'old', createdBy: null, creatorName: null }),
  ]
  await open({ 'serviceKeys.list': { keys } })
  const link = rowOf('pay').getByRole('link', { name: 'ops' })
  expect([link.getAttribute('href'), link.title]).toEqual(['/admin/people/admin-1', 'admin-1'])
  rowOf('orders').getByRole('link', { name: 'admin-1' })
  expect(rowOf('old').queryByRole('link')).toBeNull()
})

it('a new key needs a name, a scope and a code, is shown once and not kept', async () => {
  const console = await open()
  await console.user.click(screen.getByRole('button', { name: '创建密钥' }))
  const dialog = within(await screen.findByRole('dialog'))
  await console.user.click(dialog.getByRole('button', { name: '创建密钥' }))
  await dialog.findByText('至少选择一项')
  await dialog.findByText('请输入 6 位数字')
  expect(console.service.inputs('serviceKeys.create')).toEqual([])
  await console.user.type(dialog.getByLabelText('名称'), 'wallet')
  await console.user.click(dialog.getByLabelText('users:read'))
  await console.user.type(dialog.getByLabelText(codeLabel), '123456')
  await console.user.click(dialog.getByRole('button', { name: '创建密钥' }))
  await screen.findByText('mk_sentinel')
  expect(console.service.inputs('serviceKeys.create')).toEqual([
    { name: 'wallet', scopes: ['users:read'], code: '123456' },
  ])
  await console.user.click(screen.getByRole('button', { name: '复制' }))
  expect(await navigator.clipboard.readText()).toBe('mk_sentinel')
  await console.user.click(screen.getByRole('button', { name: '我已保存好' }))
  await waitFor(() => expect(screen.queryByText('mk_sentinel')).toBeNull())
  const cached = console.queryClient.getMutationCache().getAll()
  expect(JSON.stringify(cached.map(({ state }) => state))).not.toContain('mk_sentinel')
})

it('a name in use is said in the dialog', async () => {
  const console = await open({ 'serviceKeys.create': () => fail('account_taken') })
  await console.user.click(screen.getByRole('button', { name: '创建密钥' }))
  const dialog = within(await screen.findByRole('dialog'))
  await console.user.type(dialog.getByLabelText('名称'), 'pay')
  await console.user.click(dialog.getByLabelText('introspect'))
  await console.user.type(dialog.getByLabelText(codeLabel), '123456')
  await console.user.click(dialog.getByRole('button', { name: '创建密钥' }))
  await dialog.findByText('已有同名的密钥。')
})

it('a rotation asks for a code and shows the new key', async () => {
  const console = await open()
  await console.user.click(rowOf('pay').getByRole('button', { name: '轮换' }))
  const dialog = within(await screen.findByRole('dialog'))
  await console.user.type(dialog.getByLabelText(codeLabel), '123456')
  await console.user.click(dialog.getByRole('button', { name: '轮换' }))
  await screen.findByText('mk_sentinel')
  expect(console.service.inputs('serviceKeys.rotate')).toEqual([
    { keyId: 'key-1', overlapHours: 24, code: '123456' },
  ])
})

it('a revocation is confirmed, and the list is fetched again', async () => {
  const console = await open()
  await console.user.click(rowOf('pay').getByRole('button', { name: '吊销' }))
  const dialog = within(await screen.findByRole('dialog'))
  await console.user.click(dialog.getByRole('button', { name: '吊销' }))
  await waitFor(() =>
    expect(console.service.inputs('serviceKeys.revoke')).toEqual([{ keyId: 'key-1' }]),
  )
  await waitFor(() => expect(console.service.inputs('serviceKeys.list')).toHaveLength(2))
})
