// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import type { ScreenHost, WxCallbacks } from '../src/screen-host.ts'
import { maskNumber } from '../src/wechat/open-type.ts'
import { type Started, start } from './launch.ts'

// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html
// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/userProfile.html

type OpenType = NonNullable<Parameters<typeof start>[1]>['openType']

const person = () => ({
  nickname: '小明',
  phone: '13800138000',
  avatarUrl: 'https://wx.test/a.png',
})
const nextTask = () => new Promise((resolve) => setTimeout(resolve))

async function open(openType: OpenType = {}, refusal?: Error & { errno?: number }) {
  const notifications: string[] = []
  let screen: ScreenHost | undefined
  const wxCallbacks: WxCallbacks = {
    appHidden: () => notifications.push('hidden'),
    appShown: () => notifications.push('shown'),
    privacyAgreed: (id) => notifications.push(`agreed ${id}`),
    async requirePrivacy(component) {
      notifications.push(component)
      if (refusal) throw refusal
    },
    openSettings: async () => ({ 'scope.record': true }),
  }
  const started = await start(undefined, {
    fixture: 'wechat',
    openType,
    resolveUrl: (url) =>
      url === 'https://wx.test/a.png' ? 'data:image/png;base64,AA==' : undefined,
    wx: (screenHost) => {
      screen = screenHost
      screenHost.connect(wxCallbacks)
      return screenHost
    },
  })
  const dialog = () => started.container.querySelector<HTMLElement>('[role=dialog]')
  const press = async (testid: string) => {
    await expect.poll(() => dialog()?.querySelector(`[data-testid="${testid}"]`)).toBeTruthy()
    dialog()?.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click()
  }
  /** The screen host of the current launch. */
  const currentScreen = () => screen as unknown as ScreenHost
  return { ...started, notifications, screen: currentScreen(), currentScreen, dialog, press }
}

const events = ({ data }: Pick<Started, 'data'>): unknown[] => data()['events'] as unknown[]
const eventsOf = (phone: Pick<Started, 'data'>, type: string): unknown[] =>
  events(phone).filter((event) => (event as unknown[])[0] === type)

test('the phone number is shown masked, and a code is requested only after the user allows it', async () => {
  const getPhoneNumber = vi.fn(async () => ({ code: 'p-1' }))
  const phone = await open({ person, getPhoneNumber })
  phone.tap('phone')
  await expect.poll(() => phone.dialog()?.getAttribute('aria-label')).toContain('Mine')
  expect(phone.dialog()?.textContent).toContain('138****8000')
  expect(phone.dialog()?.textContent).not.toContain('13800138000')
  await phone.press('number-deny')
  const denied = ['getphonenumber', { errMsg: 'getPhoneNumber:fail user deny' }]
  await expect.poll(() => events(phone)).toEqual([denied])
  expect(getPhoneNumber).not.toHaveBeenCalled()
  phone.tap('phone')
  await phone.press('number-allow')
  const allowed = ['getphonenumber', { errMsg: 'getPhoneNumber:ok', code: 'p-1' }]
  await expect.poll(() => events(phone)).toEqual([denied, allowed])
})

test('an exhausted quota reaches the page with its errno', async () => {
  const out = { errMsg: 'getPhoneNumber:fail no quota', errno: 1400001 }
  const onEnd = vi.fn()
  const phone = await open({ person, getPhoneNumber: async () => out, onEnd })
  phone.tap('phone')
  await phone.press('number-allow')
  await expect.poll(() => events(phone)).toEqual([['getphonenumber', out]])
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ openType: 'getPhoneNumber', detail: out }),
  )
})

test('without privacy consent the button fails without a dialog', async () => {
  const refusal = Object.assign(new Error('privacy permission is not authorized'), { errno: 104 })
  const phone = await open({ person }, refusal)
  phone.tap('phone')
  const detail = {
    errMsg: 'getPhoneNumber:fail privacy permission is not authorized',
    errno: 104,
  }
  await expect.poll(() => events(phone)).toEqual([['getphonenumber', detail]])
  expect(phone.dialog()).toBeNull()
  expect(phone.notifications).toEqual(['button.getPhoneNumber'])
})

test('an agree button reports its id to wx before its other open types run', async () => {
  const phone = await open({ person, getPhoneNumber: async () => ({ code: 'p-1' }) })
  phone.tap('agree')
  expect(phone.notifications).toEqual(['agreed agree'])
  expect(events(phone)).toEqual([['agreeprivacyauthorization', {}]])
  phone.tap('both')
  expect(phone.notifications).toEqual(['agreed agree', 'agreed both', 'button.getPhoneNumber'])
  await phone.press('number-allow')
  await expect.poll(() => events(phone).at(-1)).toMatchObject(['getphonenumber', { code: 'p-1' }])
})

test('the WeChat avatar is chosen on a sheet and is a temporary file until the next launch', async () => {
  const phone = await open({ person })
  phone.tap('avatar')
  await phone.press('avatar-wechat')
  await expect.poll(() => events(phone)).toHaveLength(1)
  const [[type, { avatarUrl }]] = events(phone) as [[string, { avatarUrl: string }]]
  expect(type).toBe('chooseavatar')
  expect(avatarUrl).toMatch(/^http:\/\/tmp\/1-\d+\.png$/)
  expect(phone.find('picture').querySelector('img')?.src).toBe('data:image/png;base64,AA==')
  expect(phone.screen.readFile(avatarUrl)).toEqual(Uint8Array.of(0))
  await phone.simulator.relaunch()
  expect(phone.currentScreen().readFile(avatarUrl)).toBeUndefined()
})

test('a WeChat avatar that cannot be drawn keeps its URL', async () => {
  const avatarUrl = 'https://wx.test/elsewhere.svg'
  const phone = await open({ person: () => ({ ...person(), avatarUrl }) })
  phone.tap('avatar')
  await phone.press('avatar-wechat')
  await expect.poll(() => events(phone)).toEqual([['chooseavatar', { avatarUrl }]])
})

test('a picture from the album has a temporary path, which the page can show', async () => {
  const phone = await open({ person })
  phone.tap('avatar')
  await phone.press('avatar-album')
  await expect.poll(() => document.querySelector('.sim-picker')).toBeTruthy()
  const picker = document.querySelector('.sim-picker') as HTMLInputElement
  const file = new File(['x'], 'me.PNG', { type: 'image/png', lastModified: 7 })
  Object.defineProperty(picker, 'files', { value: [file] })
  picker.dispatchEvent(new Event('change'))
  await expect
    .poll(() => events(phone))
    .toEqual([['chooseavatar', { avatarUrl: 'http://tmp/1-7.png' }]])
  expect(phone.find('picture').querySelector('img')?.src).toMatch(/^data:image\/png;base64,eA==/)
  expect(document.querySelector('.sim-picker')).toBeNull()
})

test('cancelling the sheet of avatars fires no event', async () => {
  const phone = await open({ person })
  phone.tap('avatar')
  await expect.poll(phone.dialog).toBeTruthy()
  phone.container.querySelector<HTMLElement>('.sim-mask')?.click()
  await nextTask()
  expect(events(phone)).toEqual([])
})

test('the nickname field suggests the WeChat nickname and fires nicknamereview when it loses the focus', async () => {
  const phone = await open({ person })
  const control = phone.find('nickname').querySelector('input') as HTMLInputElement
  control.focus()
  const offer = () => phone.find('nickname').querySelector<HTMLElement>('button')
  await expect.poll(() => offer()?.textContent).toBe('用微信昵称 小明')
  offer()?.click()
  expect(control.value).toBe('小明')
  expect(events(phone)).toMatchObject([['input', { value: '小明' }]])
  expect(offer()).toBeNull()
  control.blur()
  expect(events(phone).at(-1)).toEqual(['nicknamereview', { pass: true, timeout: false }])
})

test('without privacy consent the nickname field has no suggestion', async () => {
  const phone = await open({ person }, new Error('privacy permission is not authorized'))
  phone.find('nickname').querySelector('input')?.focus()
  await nextTask()
  expect(phone.find('nickname').querySelector('button')).toBeNull()
  expect(phone.notifications).toEqual(['input.nickname'])
})

/** Types a nickname and leaves the field. */
function enterNickname(phone: Pick<Started, 'find'>, name: string): HTMLInputElement {
  const control = phone.find('nickname').querySelector('input') as HTMLInputElement
  control.focus()
  control.value = name
  control.dispatchEvent(new Event('input', { bubbles: true }))
  control.blur()
  return control
}

test('a nickname that WeChat refuses is removed from the field, and a late review spares a newer text', async () => {
  const reviews: ((result: { pass: boolean; timeout: boolean }) => void)[] = []
  const reviewNickname = vi.fn(() => new Promise<never>((end) => reviews.push(end as never)))
  const phone = await open({ reviewNickname })
  const control = enterNickname(phone, 'bad')
  expect(reviewNickname).toHaveBeenCalledExactlyOnceWith('bad')
  expect(control.value).toBe('bad')
  const refused = { pass: false, timeout: false }
  reviews[0]?.(refused)
  await expect.poll(() => events(phone).at(-1)).toEqual(['nicknamereview', refused])
  expect(control.value).toBe('')
  expect(eventsOf(phone, 'input')).toHaveLength(1)

  enterNickname(phone, 'bad again')
  enterNickname(phone, 'good')
  reviews[1]?.(refused)
  await expect.poll(() => eventsOf(phone, 'nicknamereview')).toHaveLength(2)
  expect(control.value).toBe('good')
  const late = { pass: false, timeout: true }
  reviews[2]?.(late)
  await expect.poll(() => events(phone).at(-1)).toEqual(['nicknamereview', late])
  expect(control.value).toBe('good')
})

test('the key that confirms closes the keyboard, so that the nickname is reviewed', async () => {
  const phone = await open({ person })
  const control = phone.find('nickname').querySelector('input') as HTMLInputElement
  control.focus()
  control.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  expect(document.activeElement).not.toBe(control)
  expect(eventsOf(phone, 'nicknamereview')).toHaveLength(1)
})

test('an old base library sends no nicknamereview', async () => {
  const phone = await open({ reviewNickname: async () => undefined })
  enterNickname(phone, 'x')
  await nextTask()
  expect(events(phone)).toMatchObject([['input', { value: 'x' }]])
})

test('isTapping is true while the handler runs, and an await ends the tap', async () => {
  const phone = await open()
  expect(phone.screen.isTapping()).toBe(false)
  phone.tap('tap')
  expect(phone.screen.isTapping()).toBe(false)
  await expect.poll(() => phone.data()['taps']).toEqual([true, false])
})

test('a button with openSetting fires the chosen settings', async () => {
  const phone = await open()
  phone.tap('settings')
  const detail = { errMsg: 'openSetting:ok', authSetting: { 'scope.record': true } }
  await expect.poll(() => events(phone)).toEqual([['opensetting', detail]])
})

test('the popup for a scope shows the mini program, the scope and the reason', async () => {
  const { screen, dialog, press } = await open()
  const answer = screen.showScopeDialog({ title: '使用你的麦克风', detail: 'to hear you' })
  await expect.poll(() => dialog()?.textContent).toMatch(/Mine.*使用你的麦克风.*to hear you/)
  await press('scope-allow')
  expect(await answer).toBe(true)
})

test('Enter does not allow a request, and Escape refuses it', async () => {
  const { screen, dialog } = await open()
  const answer = screen.showScopeDialog({ title: '使用你的麦克风', detail: '' })
  await expect.poll(dialog).toBeTruthy()
  const press = (key: string) =>
    dialog()?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  press('Enter')
  expect(dialog()).toBeTruthy()
  press('Escape')
  expect(await answer).toBe(false)
})

test('the settings page returns the state of its switches when it is left', async () => {
  const { screen, dialog, press } = await open()
  const answer = screen.showSettings([
    { scope: 'scope.record', label: '麦克风', granted: false },
    { scope: 'scope.camera', label: '摄像头', granted: true },
  ])
  await press('setting-scope.record')
  const toggled = dialog()?.querySelector('[data-testid="setting-scope.record"]')
  expect(toggled?.getAttribute('aria-checked')).toBe('true')
  await press('settings-back')
  expect(await answer).toEqual({ 'scope.record': true, 'scope.camera': true })
})

test('the settings page without requested scopes says so', async () => {
  const { screen, dialog, press } = await open()
  const answer = screen.showSettings([])
  await expect.poll(() => dialog()?.textContent).toContain('还没有申请过任何权限')
  await press('settings-back')
  expect(await answer).toEqual({})
})

test('wx is notified of background and foreground, and reads what app.json declares', async () => {
  const { simulator, screen, notifications } = await open()
  simulator.hide()
  simulator.show()
  expect(notifications).toEqual(['hidden', 'shown'])
  expect(screen.manifest).toMatchObject({
    permission: { 'scope.userLocation': { desc: 'to find you' } },
    requiredPrivateInfos: ['getLocation'],
  })
})

test('setData copies the data: later changes of the object are not rendered', async () => {
  const { find, tap } = await open()
  tap('copy')
  expect(find('copied').textContent).toBe('given')
})

test('without privacy consent chooseAvatar fires no event and shows no dialog', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const refusal = Object.assign(new Error('privacy permission is not authorized'), { errno: 104 })
  const onEnd = vi.fn()
  const phone = await open({ person, onEnd }, refusal)
  phone.tap('avatar')
  await expect
    .poll(() => warn.mock.calls)
    .toEqual([['chooseAvatar:fail privacy permission is not authorized']])
  warn.mockRestore()
  expect([phone.notifications, phone.dialog(), events(phone)]).toEqual([
    ['button.chooseAvatar'],
    null,
    [],
  ])
  expect(onEnd).not.toHaveBeenCalled()
})

test('without a handler getPhoneNumber fails with no permission', async () => {
  const phone = await open()
  phone.tap('phone')
  await expect
    .poll(() => events(phone))
    .toEqual([['getphonenumber', { errMsg: 'getPhoneNumber:fail no permission' }]])
})

test.each([
  ['13800138000', '138****8000'],
  ['51234567', '512****4567'],
  ['1234567', '123****4567'],
])('the phone number %s is shown as %s', (phone, masked) => {
  expect(maskNumber(phone)).toBe(masked)
})

test('a cancelled file picker fires no event', async () => {
  const phone = await open({ person })
  phone.tap('avatar')
  await phone.press('avatar-album')
  await expect.poll(() => document.querySelector('.sim-picker')).toBeTruthy()
  document.querySelector('.sim-picker')?.dispatchEvent(new Event('cancel'))
  await expect.poll(() => document.querySelector('.sim-picker')).toBeNull()
  await nextTask()
  expect(events(phone)).toEqual([])
})

test('each picked picture has its own path', async () => {
  const phone = await open({ person })
  for (const count of [1, 2]) {
    phone.tap('avatar')
    await phone.press('avatar-wechat')
    await expect.poll(() => events(phone)).toHaveLength(count)
  }
  const paths = (events(phone) as [string, { avatarUrl: string }][]).map(
    ([, { avatarUrl }]) => avatarUrl.split('-')[0],
  )
  expect(paths).toEqual(['http://tmp/1', 'http://tmp/2'])
})
