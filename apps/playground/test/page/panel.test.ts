// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest'
import { byTestId, loadPage, textsOf } from './load-page.ts'

beforeEach(loadPage)

const names = () => textsOf('#people-list .person')

async function setUpPeople() {
  const { setUpPersonSelector } = await import('../../src/page/panel/person-selector.ts')
  const chosen: string[] = []
  const current = setUpPersonSelector((person) => chosen.push(person))
  const add = (name: string) => {
    byTestId<HTMLInputElement>('person-input').value = name
    byTestId('person-add').closest('form')?.requestSubmit()
  }
  return { current, chosen, add }
}

test('the first of three preset people is selected', async () => {
  expect((await setUpPeople()).current).toBe('小明')
  expect(names()).toEqual(['小明', '小红', '老王'])
  expect(byTestId<HTMLInputElement>('person-小明').checked).toBe(true)
})

test('added people are trimmed, limited to the last three, and stored', async () => {
  const { chosen, add } = await setUpPeople()
  for (const name of [' a ', 'b', 'c', 'd', 'b', '  ', '小红']) add(name)
  expect(chosen).toEqual(['a', 'b', 'c', 'd', 'b', '小红'])
  expect(names()).toEqual(['小明', '小红', '老王', 'b', 'c', 'd'])
  vi.resetModules()
  expect((await setUpPeople()).current).toBe('小红')
  expect(names()).toEqual(['小明', '小红', '老王', 'b', 'c', 'd'])
})

test('a damaged list of stored people is ignored', async () => {
  localStorage.setItem('playground:guests', '{')
  localStorage.setItem('playground:person', 'unknown')
  expect((await setUpPeople()).current).toBe('小明')
})

test.each([
  [['wx1'], true, 'wx1'],
  [['wx1', 'wx2'], false, 'wx1'],
])('the appids %o: the selector is hidden: %s', async (appIds, hidden, first) => {
  const { setUpAppSelector } = await import('../../src/page/panel/app-selector.ts')
  expect(setUpAppSelector({ appIds, appNames: {} }, () => undefined)).toBe(first)
  expect(document.getElementById('apps')?.hidden).toBe(hidden)
})

test('the selected appid is stored, and an unknown one is ignored', async () => {
  const { setUpAppSelector } = await import('../../src/page/panel/app-selector.ts')
  const chosen: string[] = []
  const appNames = {}
  setUpAppSelector({ appIds: ['wx1', 'wx2'], appNames }, (appId) => chosen.push(appId))
  byTestId('app-wx2').click()
  expect(chosen).toEqual(['wx2'])
  expect(setUpAppSelector({ appIds: ['wx1', 'wx2'], appNames }, () => undefined)).toBe('wx2')
  expect(setUpAppSelector({ appIds: ['wx1', 'wx3'], appNames }, () => undefined)).toBe('wx1')
})

test('an app is shown by its name, and one without a name by the end of its appid', async () => {
  const { setUpAppSelector } = await import('../../src/page/panel/app-selector.ts')
  const appIds = ['wx6d69616e6d690001', 'wx6d69616e6d690002']
  setUpAppSelector({ appIds, appNames: { wx6d69616e6d690002: '第二店' } }, () => undefined)
  expect(textsOf('#app-list .chip')).toEqual(['…690001', '第二店'])
})

test('the guide marks what was done, and names the demo account where there is one', async () => {
  const { setUpGuide } = await import('../../src/page/panel/guide.ts')
  const guide = setUpGuide(true)
  expect(textsOf('#guide-bind')[0]).toContain('演示账号')
  guide.done('relaunch')
  const done = [...document.querySelectorAll<HTMLElement>('[data-done]')]
  expect(done.map((step) => step.dataset['step'])).toEqual(['relaunch'])
  expect(done[0]?.getAttribute('aria-label')).toMatch(/ 已完成$/)
  setUpGuide(false)
  expect(textsOf('#guide-bind')[0]).not.toContain('演示账号')
})

test('a switch shows the value after each click', async () => {
  const { setUpToggle } = await import('../../src/page/panel/toggle-switch.ts')
  let isOn = true
  setUpToggle(
    'network',
    () => isOn,
    (next) => {
      isOn = next
    },
  )
  const states = [0, 1, 2].map(() => {
    const state = byTestId('network').getAttribute('aria-checked')
    byTestId('network').click()
    return state
  })
  expect(states).toEqual(['true', 'false', 'true'])
})

test('the demo account is shown, and its buttons copy the values', async () => {
  const { setUpDemoAccount } = await import('../../src/page/panel/demo-account.ts')
  const writeText = vi.fn(async () => undefined)
  vi.stubGlobal('navigator', { clipboard: { writeText } })
  setUpDemoAccount(null)
  expect(document.getElementById('demo')?.hidden).toBe(true)
  setUpDemoAccount({ account: 'demo', password: 'demo-password' })
  expect(document.getElementById('demo')?.hidden).toBe(false)
  byTestId('copy-account').click()
  byTestId('copy-password').click()
  expect(writeText.mock.calls).toEqual([['demo'], ['demo-password']])
  await vi.waitFor(() => expect(byTestId('copy-password').textContent).toBe('已复制'))
  vi.unstubAllGlobals()
})

test('a fault is selected, and a failure keeps the previous one', async () => {
  const { setUpFaultSelector } = await import('../../src/page/panel/fault-selector.ts')
  let isDown = false
  const note = () => document.getElementById('fault-note')?.textContent
  await setUpFaultSelector({
    fault: async () => 'none',
    async setFault(fault) {
      if (isDown) throw new Error('down')
      return fault
    },
    calls: async () => [],
    numberOf: async () => '',
  })
  expect(document.getElementById('fault')?.hidden).toBe(false)
  byTestId('fault-busy').click()
  await vi.waitFor(() => expect(note()).toContain('系统繁忙'))
  isDown = true
  byTestId('fault-down').click()
  await vi.waitFor(() => expect(note()).toBe('沙箱微信没有回答，状态没有改变。'))
  expect(byTestId<HTMLInputElement>('fault-busy').checked).toBe(true)
})

test.each([
  ['an unreachable sandbox', () => Promise.reject(new Error('down'))],
  ['a fault that the panel does not offer', async () => undefined],
])('the fault selector stays hidden for %s', async (_, fault) => {
  const { setUpFaultSelector } = await import('../../src/page/panel/fault-selector.ts')
  await setUpFaultSelector({
    fault,
    setFault: async (next) => next,
    calls: async () => [],
    numberOf: async () => '',
  })
  expect(document.getElementById('fault')?.hidden).toBe(true)
})

async function setUpPermissionPanel() {
  const { createPermissions } = await import('@mianmi/wechat-sandbox/wx')
  const { setUpPermissions } = await import('../../src/page/panel/permissions.ts')
  const holder = { person: '小明', appId: 'wx1' }
  const panel = setUpPermissions(() => holder)
  const permissions = createPermissions(localStorage, 'wx1', () => '小明')
  const select = (name: string) => byTestId<HTMLSelectElement>(`permission-${name}`)
  const choose = (name: string, value: string) => {
    select(name).value = value
    select(name).dispatchEvent(new Event('change'))
  }
  return { panel, holder, permissions, select, choose }
}

test('the panel changes the decisions of the current user', async () => {
  const { permissions, choose, holder, panel, select } = await setUpPermissionPanel()
  choose('record', 'deny')
  choose('userLocation', 'allow')
  choose('privacy', 'yes')
  expect([
    permissions.scope('scope.record'),
    permissions.scope('scope.userLocation'),
    permissions.privacy(),
  ]).toEqual([false, true, true])
  choose('record', 'ask')
  expect(permissions.scope('scope.record')).toBe(undefined)
  holder.person = '小红'
  panel.update()
  expect([select('userLocation').value, select('privacy').value]).toEqual(['ask', 'no'])
})

test('the panel is redrawn only after a change, and lists further requested scopes', async () => {
  const { panel, permissions, select } = await setUpPermissionPanel()
  const before = select('record')
  panel.update()
  expect(select('record')).toBe(before)
  permissions.setScope('scope.camera', true)
  panel.update()
  expect(select('record')).not.toBe(before)
  expect(select('camera').value).toBe('allow')
  byTestId('reset-permissions').click()
  expect(permissions.requestedScopes()).toEqual([])
  expect(document.querySelector('[data-testid=permission-camera]')).toBeNull()
})

test('the language is stored, and English texts replace the Chinese ones', async () => {
  const load = async () => {
    vi.resetModules()
    const { setUpLanguage, t } = await import('../../src/page/text/language.ts')
    setUpLanguage(byTestId<HTMLButtonElement>('language'))
    return t
  }
  const t = await load()
  expect([t('panel.title'), document.documentElement.lang]).toEqual(['扮演微信', 'zh-CN'])
  byTestId('language').click()
  expect([t('panel.title'), document.documentElement.lang]).toEqual(['Control WeChat', 'en'])
  expect(byTestId('relaunch').textContent).toBe('Relaunch')
  expect(byTestId<HTMLInputElement>('person-input').placeholder).toBe('Another name')
  expect((await load())('panel.title')).toBe('Control WeChat')
})
