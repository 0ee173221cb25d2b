// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import type { ScreenHost, WxCallbacks } from '../src/screen-host.ts'
import { type Started, start } from './launch.ts'

// wechat-facts.md, “Phone number” and “Profile, scopes, privacy”.

type OpenType = NonNullable<Parameters<typeof start>[1]>['openType']

const person = () => ({
  nickname: '小明',
  phone: '13800138000',
  avatarUrl: 'https://wx.test/a.png',
})
const turn = () => new Promise((resolve) => setTimeout(resolve))

async function open(openType: OpenType = {}, refusal?: Error & { errno?: number }) {
  const told: string[] = []
  let screen: ScreenHost | undefined
  const companion: WxCallbacks = {
    appHidden: () => told.push('hidden'),
    appShown: () => told.push('shown'),
    privacyAgreed: (id) => told.push(`agreed ${id}`),
    async requirePrivacy(component) {
      told.push(component)
      if (refusal) throw refusal
    },
    openSettings: async () => ({ 'scope.record': true }),
  }
  const started = await start(undefined, {
    fixture: 'wechat',
    openType,
    resolveUrl: (url) =>
      url === 'https://wx.test/a.png' ? 'data:image/png;base64,AA==' : undefined,
    wx: (given) => {
      screen = given
      given.connect(companion)
      return given
    },
  })
  const dialog = () => started.container.querySelector<HTMLElement>('[role=dialog]')
  const press = async (testid: string) => {
    await expect.poll(() => dialog()?.querySelector(`[data-testid="${testid}"]`)).toBeTruthy()
    dialog()?.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click()
  }
  /** Of the mini program that runs now. */
  const currentStage = () => screen as unknown as ScreenHost
  return { ...started, told, screen: currentStage(), currentStage, dialog, press }
}

const events = ({ data }: Started): unknown[] => data()['events'] as unknown[]

test('the number is shown masked, and allowed or not before anybody gets a code', async () => {
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
  const given = ['getphonenumber', { errMsg: 'getPhoneNumber:ok', code: 'p-1' }]
  await expect.poll(() => events(phone)).toEqual([denied, given])
})

test('a quota that is used up reaches the page with its number', async () => {
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

test('without consent to the privacy contract the button fails, and nobody is asked', async () => {
  const refusal = Object.assign(new Error('privacy permission is not authorized'), { errno: 104 })
  const phone = await open({ person }, refusal)
  phone.tap('phone')
  const detail = {
    errMsg: 'getPhoneNumber:fail privacy permission is not authorized',
    errno: 104,
  }
  await expect.poll(() => events(phone)).toEqual([['getphonenumber', detail]])
  expect(phone.dialog()).toBeNull()
  expect(phone.told).toEqual(['button.getPhoneNumber'])
})

test('a button that agrees tells wx which one it was, before it does anything else', async () => {
  const phone = await open({ person, getPhoneNumber: async () => ({ code: 'p-1' }) })
  phone.tap('agree')
  expect(phone.told).toEqual(['agreed agree'])
  expect(events(phone)).toEqual([['agreeprivacyauthorization', {}]])
  phone.tap('both')
  expect(phone.told).toEqual(['agreed agree', 'agreed both', 'button.getPhoneNumber'])
  await phone.press('number-allow')
  await expect.poll(() => events(phone).at(-1)).toMatchObject(['getphonenumber', { code: 'p-1' }])
})

test('the WeChat avatar is chosen on a sheet, and is a temporary file until the next launch', async () => {
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
  expect(phone.currentStage().readFile(avatarUrl)).toBeUndefined()
})

test('a WeChat avatar that cannot be drawn here keeps its address', async () => {
  const avatarUrl = 'https://wx.test/elsewhere.svg'
  const phone = await open({ person: () => ({ ...person(), avatarUrl }) })
  phone.tap('avatar')
  await phone.press('avatar-wechat')
  await expect.poll(() => events(phone)).toEqual([['chooseavatar', { avatarUrl }]])
})

test('a picture from the album has a temporary path, which the page can draw', async () => {
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

test('cancelling the sheet of avatars tells the page nothing', async () => {
  const phone = await open({ person })
  phone.tap('avatar')
  await expect.poll(phone.dialog).toBeTruthy()
  phone.container.querySelector<HTMLElement>('.sim-mask')?.click()
  await turn()
  expect(events(phone)).toEqual([])
})

test('the nickname field offers the WeChat name, and has it reviewed when it is left', async () => {
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

test('without consent the nickname field is a plain one', async () => {
  const phone = await open({ person }, new Error('privacy permission is not authorized'))
  phone.find('nickname').querySelector('input')?.focus()
  await turn()
  expect(phone.find('nickname').querySelector('button')).toBeNull()
  expect(phone.told).toEqual(['input.nickname'])
})

test('a tap lasts as long as its handler runs, and an await ends it', async () => {
  const phone = await open()
  expect(phone.screen.isTapping()).toBe(false)
  phone.tap('tap')
  expect(phone.screen.isTapping()).toBe(false)
  await expect.poll(() => phone.data()['taps']).toEqual([true, false])
})

test('a button opens the settings and tells what was chosen', async () => {
  const phone = await open()
  phone.tap('settings')
  const detail = { errMsg: 'openSetting:ok', authSetting: { 'scope.record': true } }
  await expect.poll(() => events(phone)).toEqual([['opensetting', detail]])
})

test('the popup for a scope says who asks for what and why', async () => {
  const { screen, dialog, press } = await open()
  const answer = screen.showScopeDialog({ title: '使用你的麦克风', detail: 'to hear you' })
  await expect.poll(() => dialog()?.textContent).toMatch(/Mine.*使用你的麦克风.*to hear you/)
  await press('scope-allow')
  expect(await answer).toBe(true)
})

test('Enter allows nothing unawares, and Escape refuses', async () => {
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

test('the settings are a page of switches that tells, when left, how they stand', async () => {
  const { screen, dialog, press } = await open()
  const answer = screen.showSettings([
    { scope: 'scope.record', label: '麦克风', granted: false },
    { scope: 'scope.camera', label: '摄像头', granted: true },
  ])
  await press('setting-scope.record')
  const turned = dialog()?.querySelector('[data-testid="setting-scope.record"]')
  expect(turned?.getAttribute('aria-checked')).toBe('true')
  await press('settings-back')
  expect(await answer).toEqual({ 'scope.record': true, 'scope.camera': true })
})

test('settings without anything asked for say so', async () => {
  const { screen, dialog, press } = await open()
  const answer = screen.showSettings([])
  await expect.poll(() => dialog()?.textContent).toContain('还没有申请过任何权限')
  await press('settings-back')
  expect(await answer).toEqual({})
})

test('wx hears of the background and the foreground, and reads what app.json declares', async () => {
  const { simulator, screen, told } = await open()
  simulator.hide()
  simulator.show()
  expect(told).toEqual(['hidden', 'shown'])
  expect(screen.manifest).toMatchObject({
    permission: { 'scope.userLocation': { desc: 'to find you' } },
    requiredPrivateInfos: ['getLocation'],
  })
})

test('setData hands the view a copy: what the page changes later is not drawn', async () => {
  const { find, tap } = await open()
  tap('copy')
  expect(find('copied').textContent).toBe('given')
})
