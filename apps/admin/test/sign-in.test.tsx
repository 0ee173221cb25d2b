// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fail, type Replies } from './harness/fake-service.ts'
import { current } from './harness/fixtures.ts'
import { fieldValue, type OpenedConsole, openConsole } from './harness/open-console.tsx'

const heading = (name: string) => screen.findByRole('heading', { level: 1, name })
const press = async ({ user }: OpenedConsole, name: string) =>
  user.click(await screen.findByRole('button', { name }))

const openSignIn = (search = '', replies: Replies = {}) =>
  openConsole(`/sign-in${search}`, { 'account.signIn': { next: 'code' }, ...replies })

async function enterPassword(console: OpenedConsole): Promise<void> {
  await console.user.type(await screen.findByLabelText('账号'), 'shouye')
  await console.user.type(screen.getByLabelText('密码'), 'sentinel horse')
  await press(console, '下一步')
}

it('empty fields are reported and not sent', async () => {
  const console = openSignIn()
  await press(console, '下一步')
  await screen.findByText('请输入账号')
  await screen.findByText('请输入密码')
  expect(console.service.calls).toEqual([])
})

it('a rejected password is explained, and the step stays', async () => {
  const console = openSignIn('', { 'account.signIn': () => fail('credential_rejected') })
  await enterPassword(console)
  await screen.findByText('账号或密码不正确。')
  expect(console.service.inputs('account.signIn')).toEqual([
    { account: 'shouye', password: 'sentinel horse' },
  ])
  await heading('登录')
})

it('a rate-limited password says how long to wait', async () => {
  const console = openSignIn('', {
    'account.signIn': () => fail('rate_limited', { retryAfter: 90 }),
  })
  await enterPassword(console)
  await screen.findByText('尝试次数过多。请在 2 分钟后再试。')
})

it('an unknown error is not explained as a wrong password', async () => {
  const console = openSignIn('', { 'account.signIn': () => fail('overloaded') })
  await enterPassword(console)
  await screen.findByText('服务繁忙。请稍后再试。')
  expect(screen.queryByText('账号或密码不正确。')).toBeNull()
})

it('password and code lead to the page that was asked for', async () => {
  const console = openSignIn('?back=%2Fpeople%3Fstatus%3Dactive', {
    'account.proveCode': { recoveryCodes: [] },
  })
  await enterPassword(console)
  await heading('两步验证')
  await console.user.type(screen.getByLabelText('验证码'), '123456')
  await press(console, '登录')
  await heading('人员')
  expect(console.url()).toBe('/people?status=active')
  expect(console.service.inputs('account.proveCode')).toEqual([{ code: '123456' }])
})

it('the code field keeps six digits and drops everything else', async () => {
  const console = openSignIn()
  await enterPassword(console)
  const field = await screen.findByLabelText('验证码')
  await console.user.type(field, 'a12 34-5678')
  expect(fieldValue(field)).toBe('123456')
})

it('fewer than six digits are reported and not sent', async () => {
  const console = openSignIn()
  await enterPassword(console)
  await console.user.type(await screen.findByLabelText('验证码'), '12345')
  await press(console, '登录')
  await screen.findByText('请输入 6 位数字')
  expect(console.service.inputs('account.proveCode')).toEqual([])
})

it('after a rejected code the field is empty and has the focus', async () => {
  const console = openSignIn('', { 'account.proveCode': () => fail('credential_rejected') })
  await enterPassword(console)
  await console.user.type(await screen.findByLabelText('验证码'), '123456')
  await press(console, '登录')
  await screen.findByText(
    '验证码不正确或已经用过，请用下一个；仍然不行时，核对手机和服务器的时间。',
  )
  await waitFor(() => expect(fieldValue(screen.getByLabelText('验证码'))).toBe(''))
  expect(document.activeElement).toBe(screen.getByLabelText('验证码'))
})

it('a recovery code is sent as typed and has a message of its own', async () => {
  const console = openSignIn('', { 'account.proveCode': () => fail('credential_rejected') })
  await enterPassword(console)
  await press(console, '手机不在身边？用恢复码')
  await console.user.type(await screen.findByLabelText('恢复码'), 'abcd-efgh-2345')
  await press(console, '登录')
  await screen.findByText('恢复码不正确或已经用过。')
  expect(console.service.inputs('account.proveCode')).toEqual([{ code: 'abcd-efgh-2345' }])
  await press(console, '改用验证码')
  expect(fieldValue(await screen.findByLabelText('验证码'))).toBe('')
})

it('a recovery code that is too short is reported and not sent', async () => {
  const console = openSignIn()
  await enterPassword(console)
  await press(console, '手机不在身边？用恢复码')
  await console.user.type(await screen.findByLabelText('恢复码'), 'abc')
  await press(console, '登录')
  await screen.findByText('请输入恢复码')
  expect(console.service.inputs('account.proveCode')).toEqual([])
})

it('when the password was entered too long ago, sign-in starts again with a notice', async () => {
  const console = openSignIn('', { 'account.proveCode': () => fail('unauthenticated') })
  await enterPassword(console)
  await console.user.type(await screen.findByLabelText('验证码'), '123456')
  await press(console, '登录')
  await screen.findByText('等待时间过长，请重新输入密码。')
  await screen.findByLabelText('密码')
})

it('another account can be chosen before the code, without a notice', async () => {
  const console = openSignIn()
  await enterPassword(console)
  await press(console, '换个账号')
  expect(fieldValue(await screen.findByLabelText('密码'))).toBe('')
  expect(screen.queryByText('等待时间过长，请重新输入密码。')).toBeNull()
})

const enrolment = {
  'account.signIn': { next: 'enrol' },
  'account.enrol': { secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/mianmi:shouye' },
  'account.proveCode': { recoveryCodes: ['code-one', 'code-two'] },
} satisfies Replies

async function enterEnrolmentCode(console: OpenedConsole): Promise<void> {
  await console.user.type(await screen.findByLabelText('注册码'), ' abcd-efgh ')
  await press(console, '下一步')
}

it('the first sign-in shows the secret, then the recovery codes, and continues only after they are saved', async () => {
  const console = openSignIn('?back=%2Fsettings', { ...enrolment, settings: { settings: [] } })
  await enterPassword(console)
  await heading('设置两步验证')
  await enterEnrolmentCode(console)
  await screen.findByText('JBSW Y3DP EHPK 3PXP')
  expect(console.service.inputs('account.enrol')).toEqual([{ enrolmentCode: ' abcd-efgh ' }])
  await screen.findByLabelText('供验证器扫描的二维码')
  await console.user.type(screen.getByLabelText('验证码'), '123456')
  await press(console, '登录')
  await heading('保存恢复码')
  const codes = within(screen.getByRole('list', { name: '恢复码' })).getAllByRole('listitem')
  expect(codes.map(({ textContent }) => textContent)).toEqual(['code-one', 'code-two'])
  expect(console.url()).toMatch(/^\/sign-in/)
  await press(console, '我已保存好')
  await heading('设置')
  expect(console.url()).toBe('/settings')
})

it('nothing secret that was typed or shown is kept after the sign-in', async () => {
  const console = openSignIn('?back=%2Fsettings', { ...enrolment, settings: { settings: [] } })
  await enterPassword(console)
  await enterEnrolmentCode(console)
  await console.user.type(await screen.findByLabelText('验证码'), '123456')
  await press(console, '登录')
  await press(console, '我已保存好')
  await heading('设置')
  const { queryClient } = console
  await waitFor(() => expect(queryClient.getMutationCache().getAll()).toEqual([]))
  const cached = JSON.stringify(
    queryClient
      .getQueryCache()
      .getAll()
      .map(({ state }) => state),
  )
  expect(cached).toContain('shouye')
  for (const secret of ['sentinel horse', 'abcd-efgh', 'JBSWY3DPEHPK3PXP', '123456', 'code-one'])
    expect(cached).not.toContain(secret)
})

it('each enrolment requests a new secret', async () => {
  const console = openSignIn('', enrolment)
  await enterPassword(console)
  await enterEnrolmentCode(console)
  await screen.findByText('JBSW Y3DP EHPK 3PXP')
  await press(console, '换个账号')
  console.service.replies['account.enrol'] = { secret: 'ABCDEFGH', uri: 'otpauth://totp/2' }
  await enterPassword(console)
  await enterEnrolmentCode(console)
  await screen.findByText('ABCD EFGH')
  expect(screen.queryByText('JBSW Y3DP EHPK 3PXP')).toBeNull()
  expect(console.service.inputs('account.enrol')).toHaveLength(2)
})

it('a wrong enrolment code is explained, and an empty one is not sent', async () => {
  const console = openSignIn('', {
    ...enrolment,
    'account.enrol': () => fail('credential_rejected'),
  })
  await enterPassword(console)
  await heading('设置两步验证')
  await press(console, '下一步')
  await screen.findByText('请输入注册码')
  expect(console.service.inputs('account.enrol')).toEqual([])
  await enterEnrolmentCode(console)
  await screen.findByText('注册码不正确或已过期。')
  await screen.findByLabelText('注册码')
})

it('an enrolment after a lost password step starts again with a notice', async () => {
  const console = openSignIn('', {
    ...enrolment,
    'account.enrol': () => fail('unauthenticated'),
  })
  await enterPassword(console)
  await enterEnrolmentCode(console)
  await screen.findByText('等待时间过长，请重新输入密码。')
})

it.each([
  ['https://evil.example/', '/'],
  ['evil.example', '/'],
  ['//evil.example/x', '//evil.example/x'],
])('the return address %s cannot leave the console', async (back, path) => {
  const console = openSignIn(`?back=${encodeURIComponent(back)}`, {
    'account.proveCode': { recoveryCodes: [] },
    'account.current': current(),
    overview: () => fail('internal'),
  })
  await enterPassword(console)
  await console.user.type(await screen.findByLabelText('验证码'), '123456')
  await press(console, '登录')
  await waitFor(() => expect(location.pathname).toBe(`/admin${path}`))
  expect(location.host).toBe('localhost:3000')
})

it('the language switch translates the page and is remembered', async () => {
  const console = openSignIn()
  await press(console, 'English')
  await heading('Sign in')
  expect(localStorage.getItem('mianmi-console:language')).toBe('en')
  await waitFor(() => expect(document.documentElement.lang).toBe('en'))
  await press(console, '中文')
  await heading('登录')
})
