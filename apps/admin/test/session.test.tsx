// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { fail } from './harness/fake-service.ts'
import { current, listedPerson, signedInReplies } from './harness/fixtures.ts'
import { openConsole } from './harness/open-console.tsx'

const heading = (name: string) => screen.findByRole('heading', { level: 1, name })
const button = (name: string) => screen.findByRole('button', { name })
const never = () => new Promise<never>(() => undefined)

/** Replaces the clock only; timers keep running. */
function setClock(now: number): (later: number) => void {
  vi.useFakeTimers({ now, toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  return (later) => vi.setSystemTime(now + later)
}

const minute = 60_000

it('without a session the sign-in page opens, and no data of the page is requested', async () => {
  const { service, url } = openConsole('/people?status=active', {
    'account.current': () => fail('unauthenticated'),
  })
  await heading('登录')
  expect(url()).toBe('/sign-in?back=%2Fpeople%3Fstatus%3Dactive')
  expect(service.calls.map(({ path }) => path)).toEqual(['account.current'])
})

it('an account that is no longer an administrator is sent to sign-in with the reason', async () => {
  const { url } = openConsole('/people', { 'account.current': () => fail('forbidden') })
  await screen.findByText('这个账号已不再是管理员。')
  expect(url()).toBe('/sign-in?back=%2Fpeople&why=forbidden')
})

it('when the session cannot be checked, an error page with a retry button opens instead of sign-in', async () => {
  // React logs an error that an error boundary shows.
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  onTestFinished(() => log.mockRestore())
  const { service, user, url } = openConsole('/people', {
    'account.current': () => fail('internal', { traceId: 'trace-7' }),
  })
  await screen.findByText('服务出错了，详情见服务日志。追踪号：trace-7。')
  expect(screen.queryByRole('navigation')).toBeNull()
  expect(service.inputs('people.list')).toEqual([])
  service.replies['account.current'] = current()
  await user.click(await button('重试'))
  await heading('人员')
  expect(url()).toBe('/people')
})

it('the session is checked once, not on every page', async () => {
  const { service, user } = openConsole('/people')
  await screen.findByText('小雨')
  await user.click(screen.getByRole('link', { name: '小程序' }))
  await screen.findByText('还没有配置小程序')
  expect(service.inputs('account.current')).toHaveLength(1)
})

it('sign-out ends the session on the service and leaves no data in the query cache', async () => {
  const { service, user, queryClient, url } = openConsole('/people')
  await screen.findByText('小雨')
  await user.click(await button('退出登录'))
  await heading('登录')
  expect(service.inputs('account.signOut')).toHaveLength(1)
  expect(url()).toBe('/sign-in')
  await waitFor(() => expect(queryClient.getQueryCache().getAll()).toEqual([]))
  expect(queryClient.getMutationCache().getAll()).toEqual([])
})

it('after sign-out neither keys nor the pointer make a call', async () => {
  const advance = setClock(Date.now())
  const { service, user } = openConsole('/people')
  await screen.findByText('小雨')
  await user.click(await button('退出登录'))
  await heading('登录')
  const { length } = service.calls
  advance(20 * minute)
  for (const type of ['keydown', 'pointerdown']) document.dispatchEvent(new Event(type))
  // A call would have been sent before that of the form.
  service.replies['account.signIn'] = { next: 'code' }
  await user.type(screen.getByLabelText('账号'), 'root')
  await user.type(screen.getByLabelText('密码'), 'a password')
  await user.click(await button('下一步'))
  await screen.findByLabelText('验证码')
  expect(service.calls.slice(length).map(({ path }) => path)).toEqual(['account.signIn'])
})

it('sign-out leaves the page and clears the query cache also when the service is unreachable', async () => {
  const { service, user, queryClient } = openConsole('/people')
  await screen.findByText('小雨')
  service.isOffline = true
  await user.click(await button('退出登录'))
  await heading('登录')
  await waitFor(() => expect(queryClient.getQueryCache().getAll()).toEqual([]))
})

it('the next administrator sees nothing that the previous one loaded', async () => {
  const { service, user } = openConsole('/people')
  await screen.findByText('小雨')
  await screen.findByRole('link', { name: 'shouye' })
  await user.click(await button('退出登录'))
  await heading('登录')
  service.replies = {
    ...signedInReplies(),
    'account.signIn': { next: 'code' },
    'account.proveCode': { recoveryCodes: [] },
    'account.current': current({ id: 'admin-2', account: 'second' }),
    'people.list': never,
    overview: never,
  }
  await user.type(screen.getByLabelText('账号'), 'second')
  await user.type(screen.getByLabelText('密码'), 'a password')
  await user.click(await button('下一步'))
  await user.type(await screen.findByLabelText('验证码'), '123456')
  await user.click(await button('登录'))
  await screen.findByRole('link', { name: 'second' })
  await user.click(screen.getByRole('link', { name: '人员' }))
  await heading('人员')
  expect(screen.queryByText('小雨')).toBeNull()
  expect(screen.queryByRole('link', { name: 'shouye' })).toBeNull()
})

it('a query that finds the session ended leads to sign-in and clears the query cache', async () => {
  const { service, user, queryClient, url } = openConsole('/people')
  await screen.findByText('小雨')
  service.replies['audit.list'] = () => fail('unauthenticated')
  await user.click(screen.getByRole('link', { name: '审计日志' }))
  await heading('登录')
  expect(url()).toBe('/sign-in?back=%2Faudit')
  await waitFor(() => expect(queryClient.getQueriesData({ queryKey: [['people']] })).toEqual([]))
})

it('a mutation that finds the session ended leads to sign-in', async () => {
  const { user, url } = openConsole('/apps', {
    'apps.list': {
      apps: [{ appId: 'wx1', identities: 1, signInsToday: 0, lastSignInAt: null }],
    },
    'apps.test': () => fail('unauthenticated'),
  })
  await user.click(await button('测试'))
  await heading('登录')
  expect(url()).toBe('/sign-in?back=%2Fapps')
})

it('nothing is refetched when the window gets the focus or the network returns', async () => {
  const { service, user } = openConsole('/people')
  await screen.findByText('小雨')
  const advance = setClock(Date.now())
  advance(5 * minute)
  window.dispatchEvent(new Event('visibilitychange'))
  window.dispatchEvent(new Event('offline'))
  window.dispatchEvent(new Event('online'))
  // A refetch would have been sent before the calls of the next page.
  await user.click(screen.getByRole('link', { name: '小程序' }))
  await screen.findByText('还没有配置小程序')
  expect(service.calls.map(({ path }) => path)).toEqual([
    'account.current',
    'people.list',
    'apps.list',
  ])
})

it('one minute before the idle time-out a dialog warns, and staying renews the session', async () => {
  const advance = setClock(Date.now())
  const { service, user } = openConsole('/people')
  await screen.findByText('小雨')
  advance(29 * minute + 20_000)
  const dialog = await screen.findByRole('dialog', { name: '还在吗？' })
  within(dialog).getByText(/^长时间没有操作，(40|39) 秒后自动退出登录。$/)
  const checks = service.inputs('account.current').length
  await user.click(within(dialog).getByRole('button', { name: '继续使用' }))
  await waitFor(() =>
    expect(dialog.closest<HTMLElement>('.ant-modal-wrap')?.style.display).toBe('none'),
  )
  expect(service.inputs('account.current')).toHaveLength(checks + 1)
  expect(service.inputs('account.signOut')).toEqual([])
})

it('after the idle time-out the session is ended, and sign-in returns to the page', async () => {
  const advance = setClock(Date.now())
  const { service, url } = openConsole('/people')
  await screen.findByText('小雨')
  advance(30 * minute + 1_000)
  await screen.findByText('长时间没有操作，已为你退出登录。')
  expect(service.inputs('account.signOut').length).toBeGreaterThan(0)
  expect(url()).toBe('/sign-in?why=idle&back=%2Fpeople')
})

it('before the maximum lifetime the dialog offers no way to stay', async () => {
  const now = Date.now()
  const advance = setClock(now)
  openConsole('/people', {
    'account.current': current({ expiresAt: new Date(now + 10 * minute).toISOString() }),
  })
  await screen.findByText('小雨')
  advance(9 * minute + 30_000)
  const dialog = await screen.findByRole('dialog', { name: '登录即将到期' })
  expect(within(dialog).queryByRole('button', { name: '继续使用' })).toBeNull()
  within(dialog).getByRole('button', { name: '退出登录' })
})

it('typing without calls renews the session after a quarter of the idle time, not before', async () => {
  const advance = setClock(Date.now())
  const { service, user } = openConsole('/people')
  await screen.findByText('小雨')
  advance(7 * minute)
  await user.type(screen.getByLabelText('查找人员'), 'a')
  expect(service.inputs('account.current')).toHaveLength(1)
  advance(8 * minute)
  await user.type(screen.getByLabelText('查找人员'), 'b')
  await waitFor(() => expect(service.inputs('account.current').length).toBeGreaterThan(1))
})

it('only a successful response postpones the idle time-out', async () => {
  const advance = setClock(Date.now())
  const { service, user } = openConsole('/people')
  await screen.findByText('小雨')
  const lastResponse = () => localStorage.getItem('mianmi-console:last-call')
  const start = lastResponse()
  advance(minute)
  service.replies['apps.list'] = () => fail('forbidden')
  await user.click(screen.getByRole('link', { name: '小程序' }))
  await screen.findByText(/^没有权限执行这个操作。/)
  expect(lastResponse()).toBe(start)
  service.replies['people.list'] = {
    items: [listedPerson({ nickname: '小霜' })],
    next: null,
    count: null,
  }
  await user.click(screen.getByRole('link', { name: '人员' }))
  await screen.findByText('小霜')
  expect(lastResponse()).toBe(String(Date.now()))
})
