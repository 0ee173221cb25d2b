// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { fail, type Replies } from './harness/fake-service.ts'
import { current } from './harness/fixtures.ts'
import { fieldValue, type OpenedConsole, openConsole } from './harness/open-console.tsx'

const openAccount = (recoveryCodesLeft: number, replies: Replies = {}) =>
  openConsole('/me', {
    'account.current': current({ nickname: '守业', recoveryCodesLeft }),
    ...replies,
  })

async function renew({ user }: OpenedConsole, code: string): Promise<void> {
  await user.type(await screen.findByLabelText('验证器上的 6 位数字'), code)
  await user.click(screen.getByRole('button', { name: '更换恢复码' }))
}

it('the account page shows who is signed in and the idle time-out', async () => {
  openAccount(10)
  await screen.findByText('30 分钟')
  screen.getByText('shouye')
  expect(screen.getAllByText('守业')).toHaveLength(2)
})

it.each([
  [4, false],
  [3, true],
])('%i recovery codes left: a warning is shown: %s', async (left, warns) => {
  openAccount(left)
  await screen.findByText(`还剩 ${left} 个恢复码。`)
  expect(screen.queryByText('剩余恢复码不多，请更换一批新的。') !== null).toBe(warns)
})

it('new recovery codes are shown until they are saved, and their number is refetched', async () => {
  const console = openAccount(1, {
    'account.renewRecoveryCodes': { recoveryCodes: ['new-one', 'new-two'] },
  })
  await renew(console, '12a3 456')
  const list = await screen.findByRole('list', { name: '恢复码' })
  expect(within(list).getAllByRole('listitem')).toHaveLength(2)
  expect(console.service.inputs('account.renewRecoveryCodes')).toEqual([{ code: '123456' }])
  console.service.replies['account.current'] = current()
  await console.user.click(screen.getByRole('button', { name: '我已保存好' }))
  expect(screen.queryByText('new-one')).toBeNull()
  await waitFor(() => expect(console.service.inputs('account.current')).toHaveLength(2))
})

it('recovery codes can be copied', async () => {
  const console = openAccount(1, {
    'account.renewRecoveryCodes': { recoveryCodes: ['new-one', 'new-two'] },
  })
  await renew(console, '123456')
  await console.user.click(await screen.findByRole('button', { name: '复制' }))
  await screen.findByText('已复制')
  expect(await navigator.clipboard.readText()).toBe('new-one\nnew-two')
})

it('a browser that forbids copying is reported', async () => {
  const console = openAccount(1, { 'account.renewRecoveryCodes': { recoveryCodes: ['new-one'] } })
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('denied'))
  onTestFinished(() => write.mockRestore())
  await renew(console, '123456')
  await console.user.click(await screen.findByRole('button', { name: '复制' }))
  await screen.findByText('浏览器不允许复制，请下载或手动抄写。')
})

it('a wrong code is explained and the field is emptied', async () => {
  const console = openAccount(1, {
    'account.renewRecoveryCodes': () => fail('credential_rejected'),
  })
  await renew(console, '123456')
  await screen.findByText(
    '验证码不正确或已经用过，请用下一个；仍然不行时，核对手机和服务器的时间。',
  )
  await waitFor(() => expect(fieldValue(screen.getByLabelText('验证器上的 6 位数字'))).toBe(''))
  expect(screen.queryByRole('list', { name: '恢复码' })).toBeNull()
})

it('an incomplete code is not sent', async () => {
  const console = openAccount(1)
  await renew(console, '12345')
  await screen.findByText('请输入 6 位数字')
  expect(console.service.inputs('account.renewRecoveryCodes')).toEqual([])
})

async function changePassword({ user }: OpenedConsole, newPassword: string): Promise<void> {
  await user.type(await screen.findByLabelText('当前密码'), 'sentinel horse')
  await user.type(screen.getByLabelText('新密码'), newPassword)
  await user.type(screen.getByLabelText('你的验证器上的 6 位数字'), '123456')
  await user.click(screen.getByRole('button', { name: '修改密码' }))
}

it('the password is changed with the current one and a code, and the form is emptied', async () => {
  const console = openAccount(10, { 'account.changePassword': {} })
  await changePassword(console, 'another sentinel')
  await screen.findByText('密码已修改')
  expect(console.service.inputs('account.changePassword')).toEqual([
    { currentPassword: 'sentinel horse', newPassword: 'another sentinel', code: '123456' },
  ])
  expect(fieldValue(screen.getByLabelText('当前密码'))).toBe('')
  expect(fieldValue(screen.getByLabelText('新密码'))).toBe('')
})

it('a short password is not sent, and a rejected one is explained', async () => {
  const console = openAccount(10, {
    'account.changePassword': () => fail('credential_rejected'),
  })
  await changePassword(console, 'short')
  await screen.findByText('8 到 128 个字符')
  expect(console.service.inputs('account.changePassword')).toEqual([])
  await console.user.type(screen.getByLabelText('新密码'), ' but longer')
  await console.user.click(screen.getByRole('button', { name: '修改密码' }))
  await screen.findByText(
    '密码或验证码不正确，或验证码已经用过；仍然不行时，核对手机和服务器的时间。',
  )
})
