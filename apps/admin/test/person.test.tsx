// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { fail, type Replies } from './harness/fake-service.ts'
import { current, minutesAgo, personView } from './harness/fixtures.ts'
import { type OpenedConsole, openConsole } from './harness/open-console.tsx'

const done: Replies = {
  'people.disable': {},
  'people.enable': {},
  'people.unbind': {},
  'people.resetSessionKey': {},
  'people.remove': {},
  'people.endSessions': { ended: 1 },
  'people.revealPhone': { phone: '13900006789' },
}

async function openPerson(replies: Replies = {}): Promise<OpenedConsole> {
  const console = openConsole('/people/user-1', { ...done, ...replies })
  await screen.findByRole('region', { name: '资料' })
  return console
}

const click = async ({ user }: OpenedConsole, name: string) =>
  user.click(await screen.findByRole('button', { name }))

async function dialogAfter(console: OpenedConsole, name: string): Promise<HTMLElement> {
  await click(console, name)
  return screen.findByRole('dialog')
}

const hash = '0123456789abcdef0123456789abcdef'

it('a picture of the service is shown, from the host of the console', async () => {
  const avatarUrl = `https://id.example/avatars/${hash}.webp`
  await openPerson({ 'people.view': personView({ avatarUrl }) })
  expect(document.querySelector('img.person-avatar')?.getAttribute('src')).toBe(
    `/avatars/${hash}.webp`,
  )
  expect(screen.queryByText('外部头像')).toBeNull()
})

it('a picture elsewhere is not loaded: an initial stands for it, and a link names its host', async () => {
  await openPerson({ 'people.view': personView({ avatarUrl: 'https://evil.example/1.png' }) })
  expect(document.querySelector('img.person-avatar')).toBeNull()
  expect(document.querySelector('span.person-avatar')?.textContent).toBe('小')
  const link = screen.getByRole('link', { name: 'evil.example' })
  expect(link.getAttribute('href')).toBe('https://evil.example/1.png')
  expect(link.getAttribute('rel')).toBe('noopener noreferrer')
})

it.each(['javascript:alert(1)', 'nowhere', 'http://a.example/1.png'])(
  'the stored address %s is text and no link',
  async (avatarUrl) => {
    await openPerson({ 'people.view': personView({ avatarUrl }) })
    expect(screen.getByText(avatarUrl).closest('a')).toBeNull()
  },
)

const actions = [
  {
    name: '停用',
    path: 'people.disable',
    input: { userId: 'user-1' },
    toast: '已停用',
  },
  {
    name: '解绑',
    path: 'people.unbind',
    input: { userId: 'user-1', appId: 'wx1' },
    toast: '已解绑',
  },
  {
    name: '全部解绑',
    path: 'people.unbind',
    input: { userId: 'user-1', appId: 'wx1', everywhere: true },
    toast: '已解绑',
  },
  {
    name: '重置会话密钥',
    path: 'people.resetSessionKey',
    input: { userId: 'user-1', appId: 'wx1' },
    toast: '会话密钥已重置',
  },
  {
    name: '吊销',
    path: 'people.endSessions',
    input: { userId: 'user-1', sessionId: 'session-1' },
    toast: '已吊销 1 个会话',
  },
  {
    name: '全部吊销',
    path: 'people.endSessions',
    input: { userId: 'user-1' },
    toast: '已吊销 1 个会话',
  },
] as const

it.each(actions)(
  '$name: asks first, calls $path, shows the result and refetches the person',
  async ({ name, path, input, toast }) => {
    const console = await openPerson()
    const dialog = await dialogAfter(console, name)
    expect(console.service.inputs(path)).toEqual([])
    await console.user.click(within(dialog).getByRole('button', { name }))
    await screen.findByText(toast, { selector: '.ant-message *' })
    expect(console.service.inputs(path)).toEqual([input])
    await waitFor(() => expect(console.service.inputs('people.view')).toHaveLength(2))
  },
)

it.each(actions)('$name: Enter without reading cancels', async ({ name, path }) => {
  const console = await openPerson()
  const dialog = await dialogAfter(console, name)
  const cancel = within(dialog).getByRole('button', { name: '取消' })
  await waitFor(() => expect(document.activeElement).toBe(cancel))
  await console.user.keyboard('{Enter}')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(console.service.inputs(path)).toEqual([])
})

it.each(actions)('$name: an error is shown, and no success', async ({ name, path, toast }) => {
  const console = await openPerson({ [path]: () => fail('last_credential') })
  const dialog = await dialogAfter(console, name)
  await console.user.click(within(dialog).getByRole('button', { name }))
  await screen.findByText('这是该用户最后一种登录方式，这样做之后将无法登录。')
  expect(screen.queryByText(toast, { selector: '.ant-message *' })).toBeNull()
  expect(console.service.inputs('people.view')).toHaveLength(1)
})

it('an identity shows how it was bound, and with which device', async () => {
  await openPerson()
  const region = screen.getByRole('region', { name: '微信身份' })
  within(region).getByText('账号密码')
  within(region).getByText('iPhone 16')
})

it('an identity without a unionid can be unbound here alone', async () => {
  const view = personView()
  const identities = view.identities.map((identity) => ({ ...identity, unionid: null }))
  await openPerson({ 'people.view': { ...view, identities } })
  screen.getByRole('button', { name: '解绑' })
  expect(screen.queryByRole('button', { name: '全部解绑' })).toBeNull()
})

it('a disabled person can be enabled, and the list is refetched when it is shown again', async () => {
  const console = openConsole('/people', {
    ...done,
    'people.view': personView({ disabledAt: minutesAgo(60) }),
  })
  await console.user.click(await screen.findByText('小雨'))
  const dialog = await dialogAfter(console, '启用')
  expect(screen.queryByRole('button', { name: '停用' })).toBeNull()
  // Enter confirms what takes nothing away.
  const confirm = within(dialog).getByRole('button', { name: '启用' })
  await waitFor(() => expect(document.activeElement).toBe(confirm))
  await console.user.keyboard('{Enter}')
  await waitFor(() =>
    expect(console.service.inputs('people.enable')).toEqual([{ userId: 'user-1' }]),
  )
  await waitFor(() => expect(console.service.inputs('people.view')).toHaveLength(2))
  await click(console, '返回')
  await screen.findByRole('table', { name: '人员列表' })
  await waitFor(() => expect(console.service.inputs('people.list')).toHaveLength(2))
})

it('administrators cannot disable or delete their own account', async () => {
  await openPerson({ 'account.current': current({ id: 'user-1' }) })
  const isDisabled = (name: string) =>
    (screen.getByRole('button', { name }) as HTMLButtonElement).disabled
  expect(['停用', '删除'].map(isDisabled)).toEqual([true, true])
})

it('an administrator can disable and delete another administrator', async () => {
  await openPerson({ 'people.view': personView({ role: 'admin' }) })
  const isDisabled = (name: string) =>
    (screen.getByRole('button', { name }) as HTMLButtonElement).disabled
  expect(['停用', '删除'].map(isDisabled)).toEqual([false, false])
  within(screen.getByRole('region', { name: '资料' })).getByText('管理员')
})

it('a person is deleted only after the account is typed; then the list opens', async () => {
  const console = await openPerson()
  const dialog = await dialogAfter(console, '删除')
  const remove = within(dialog).getByRole('button', { name: '删除' }) as HTMLButtonElement
  const field = within(dialog).getByLabelText('请输入 linxiaoyu 以确认')
  await console.user.type(field, 'linxiaoy{Enter}')
  expect(remove.disabled).toBe(true)
  expect(console.service.inputs('people.remove')).toEqual([])
  await console.user.type(field, 'u')
  expect(remove.disabled).toBe(false)
  await console.user.click(remove)
  await screen.findByText('已删除', { selector: '.ant-message *' })
  expect(console.url()).toBe('/people')
  expect(console.service.inputs('people.remove')).toEqual([
    { userId: 'user-1', confirm: 'linxiaoyu' },
  ])
  expect(console.service.inputs('people.view')).toHaveLength(1)
})

it('the deletion of a person without an account is confirmed with the ID', async () => {
  const console = await openPerson({ 'people.view': personView({ account: null }) })
  const dialog = await dialogAfter(console, '删除')
  await console.user.type(within(dialog).getByLabelText('请输入 user-1 以确认'), 'user-1{Enter}')
  await waitFor(() =>
    expect(console.service.inputs('people.remove')).toEqual([
      { userId: 'user-1', confirm: 'user-1' },
    ]),
  )
})

it('a deletion that fails leaves the person on the page', async () => {
  const console = await openPerson({ 'people.remove': () => fail('forbidden') })
  const dialog = await dialogAfter(console, '删除')
  await console.user.type(within(dialog).getByRole('textbox'), 'linxiaoyu{Enter}')
  await screen.findByText(/^没有权限执行这个操作。/)
  expect(console.url()).toBe('/people/user-1')
})

it('the full phone number is shown for 30 seconds after a confirmation, and kept nowhere else', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
  onTestFinished(() => void vi.useRealTimers())
  const console = await openPerson()
  screen.getByText('139****6789')
  expect(console.service.inputs('people.revealPhone')).toEqual([])
  const dialog = await dialogAfter(console, '显示完整号码')
  const confirm = within(dialog).getByRole('button', { name: '显示完整号码' })
  await waitFor(() => expect(document.activeElement).toBe(confirm))
  await console.user.keyboard('{Enter}')
  await screen.findByText('13900006789')
  // Some of the 30 seconds may have passed on a loaded machine, because the fake clock follows the real one.
  const seconds = Number.parseInt(screen.getByText(/^\d+ 秒后隐藏$/).textContent, 10)
  expect(seconds).toBeLessThanOrEqual(30)
  expect(seconds).toBeGreaterThan(15)
  expect(console.service.inputs('people.revealPhone')).toEqual([{ userId: 'user-1' }])
  const mutations = console.queryClient.getMutationCache().getAll()
  const queries = console.queryClient.getQueryCache().getAll()
  const cached = [...mutations, ...queries].map(({ state }) => JSON.stringify(state.data))
  // The mounted mutation keeps its result while the page is open, so its time in the cache after that is 0.
  expect(mutations.map(({ options }) => options.gcTime)).toEqual([0])
  expect(cached.filter((data) => data?.includes('13900006789'))).toHaveLength(1)
  // Each second is a timer that the render after the previous one starts.
  for (let second = 0; second < seconds; second++)
    await act(() => vi.advanceTimersByTimeAsync(1_000))
  screen.getByText('139****6789')
  expect(screen.queryByText('13900006789')).toBeNull()
})

it('a phone number that cannot be revealed stays masked, with the error', async () => {
  const console = await openPerson({ 'people.revealPhone': () => fail('rate_limited') })
  const dialog = await dialogAfter(console, '显示完整号码')
  await console.user.click(within(dialog).getByRole('button', { name: '显示完整号码' }))
  await screen.findByText('尝试次数过多。请稍后再试。')
  screen.getByText('139****6789')
})

it('a phone number that was removed meanwhile is reported', async () => {
  const console = await openPerson({ 'people.revealPhone': { phone: null } })
  const dialog = await dialogAfter(console, '显示完整号码')
  await console.user.click(within(dialog).getByRole('button', { name: '显示完整号码' }))
  await screen.findByText('该用户没有手机号')
})

it('a person without identities, sessions and history has empty sections', async () => {
  await openPerson({
    'people.view': { ...personView({ phone: null }), identities: [], sessions: [], history: [] },
  })
  for (const text of ['没有绑定任何小程序。', '没有进行中的会话。', '还没有记录。'])
    screen.getByText(text)
  expect(screen.queryByRole('button', { name: '全部吊销' })).toBeNull()
  expect(screen.queryByRole('button', { name: '显示完整号码' })).toBeNull()
})

it('the history names actions and outcomes, marks those of administrators and links to the audit log', async () => {
  const entry = {
    at: minutesAgo(1),
    userId: 'user-1',
    operatorId: null,
    appId: 'wx1',
    address: '203.0.113.7',
    device: null,
    count: 1,
    userName: '小雨',
    operatorName: null,
  }
  await openPerson({
    'people.view': {
      ...personView(),
      history: [
        { ...entry, id: 1, action: 'sign_in', outcome: 'code_used' },
        { ...entry, id: 2, action: 'admin.people.disable', outcome: 'ok', operatorId: 'admin-1' },
        {
          ...entry,
          id: 4,
          action: 'admin.people.enable',
          outcome: 'ok',
          operatorId: 'admin-1',
          operatorName: 'shouye',
        },
        { ...entry, id: 3, action: 'action_of_a_newer_service', outcome: 'ok' },
      ],
    },
  })
  const history = screen.getByRole('region', { name: '最近记录' })
  const rows = within(history)
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell').slice(0, 2))
    .map((cells) => cells.map(({ textContent }) => textContent))
  expect(rows).toEqual([
    ['微信登录', '登录码已用过'],
    ['停用人员管理员操作', '成功'],
    ['恢复人员管理员操作：shouye', '成功'],
    ['action_of_a_newer_service', '成功'],
  ])
  const link = within(history).getByRole('link', { name: '在审计日志中查看' })
  expect(link.getAttribute('href')).toBe('/admin/audit?userId=user-1')
})

it('a person that does not exist has a page of its own, any other error a retry button', async () => {
  const console = openConsole('/people/user-9', { 'people.view': () => fail('not_found') })
  await screen.findByRole('heading', { level: 1, name: '没有这个用户' })
  console.service.replies['people.view'] = () => fail('internal')
  await console.user.click(screen.getByRole('link', { name: '查找人员' }))
  await console.user.click(await screen.findByText('小雨'))
  await screen.findByText('服务出错了，详情见服务日志。')
  console.service.replies['people.view'] = personView()
  await click(console, '重试')
  await screen.findByRole('region', { name: '资料' })
})

it.each([
  ['清除密码', 'people.clearPassword', '密码已清除'],
  ['清除手机号', 'people.clearPhone', '手机号已清除'],
] as const)('%s is confirmed and reported', async (verb, path, done) => {
  const console = await openPerson({ [path]: { canSignIn: true } })
  const dialog = await dialogAfter(console, verb)
  await console.user.click(within(dialog).getByRole('button', { name: verb }))
  await screen.findByText(done)
  expect(console.service.inputs(path)).toEqual([{ userId: 'user-1' }])
  expect(screen.queryByText('该用户现在没有任何登录方式。')).toBeNull()
})

it('a person who cannot sign in any more is reported', async () => {
  const console = await openPerson({ 'people.clearPassword': { canSignIn: false } })
  const dialog = await dialogAfter(console, '清除密码')
  await console.user.click(within(dialog).getByRole('button', { name: '清除密码' }))
  await screen.findByText('该用户现在没有任何登录方式。')
})

it('there is nothing to clear without a password and a number, nor an administrator’s password', async () => {
  const console = await openPerson({
    'people.view': personView({ hasPassword: false, phone: null }),
  })
  expect(screen.queryByRole('button', { name: /^清除/ })).toBeNull()
  console.service.replies['people.view'] = personView({ role: 'admin', phone: null })
  await act(() => console.queryClient.invalidateQueries())
  await screen.findByText('管理员')
  expect(screen.queryByRole('button', { name: /^清除/ })).toBeNull()
})

it('the console sessions of an administrator are ended together', async () => {
  const console = await openPerson({
    'people.view': { ...personView({ role: 'admin' }), sessions: [] },
    'people.endSessions': { ended: 2 },
  })
  const dialog = await dialogAfter(console, '结束控制台会话')
  await console.user.click(within(dialog).getByRole('button', { name: '结束控制台会话' }))
  await screen.findByText('已吊销 2 个会话')
  expect(console.service.inputs('people.endSessions')).toEqual([{ userId: 'user-1' }])
})
