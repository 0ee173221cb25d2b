// @vitest-environment jsdom
import type { AddressInfo } from 'node:net'
import { createSimulator } from '@mianmi/simulator'
import { createSandbox } from '@mianmi/wechat-sandbox'
import {
  type CallRecord,
  createMemoryStorage,
  createSandboxClient,
  createWx,
} from '@mianmi/wechat-sandbox/wx'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { compileSmallProgram } from './mini-program.ts'

// The simulator and the sandbox's wx do not import each other; this test combines them.

const app = compileSmallProgram()
const appId = 'wx6d69616e6d690001'
const user = '小明'

afterEach(() => {
  vi.useRealTimers()
})

async function open({ sandboxUrl = 'http://127.0.0.1:9', fetch = globalThis.fetch } = {}) {
  const container = document.body.appendChild(document.createElement('div'))
  const storage = createMemoryStorage()
  const records: CallRecord[] = []
  const client = createSandboxClient({ url: sandboxUrl })
  const simulator = createSimulator({
    container,
    app: await app,
    name: '免密',
    openType: {
      person: () => ({ nickname: user, phone: '13800138000' }),
      getPhoneNumber: () => client.getPhoneNumber({ appId, user }),
    },
    wx: (screen) =>
      createWx({
        appId,
        user,
        sandboxUrl,
        storage,
        screen,
        fetch,
        onCall: (record) => void records.push(record),
      }),
  })
  onTestFinished(() => {
    simulator.destroy()
    container.remove()
  })
  await simulator.launch()
  const results = () => simulator.pageStack().at(-1)?.data['results'] as Record<string, unknown>[]
  const tap = (testid: string) =>
    simulator.currentPage().querySelector<HTMLElement>(`[data-testid=${testid}]`)?.click()
  const dialog = (testid: string) =>
    container.querySelector<HTMLElement>(`[role=dialog] [data-testid="${testid}"]`)
  const press = async (testid: string) => {
    await expect.poll(() => dialog(testid)).not.toBeNull()
    dialog(testid)?.click()
  }
  return { simulator, records, results, tap, press, dialog, container }
}

/** Lets pending promise callbacks run. */
const settled = () => new Promise((resolve) => setTimeout(resolve))

test('getLocation asks for consent, then shows the popup, each once', async () => {
  const { results, records, tap, press, dialog, simulator } = await open()
  tap('locate')
  await settled()
  expect([records, dialog('scope-allow')]).toEqual([[], null])
  tap('agree')
  await press('scope-allow')
  await expect.poll(results).toMatchObject([{ errMsg: 'getLocation:ok' }])
  expect(records.map(({ api }) => api).sort()).toEqual([
    'agreePrivacyAuthorization',
    'getLocation',
    'privacyConsent',
    'scopeDialog',
  ])
  await simulator.relaunch()
  tap('locate')
  await expect.poll(results).toMatchObject([{ errMsg: 'getLocation:ok' }])
})

test('a refused scope can be granted in the settings, which open in a tap only', async () => {
  const { results, tap, press } = await open()
  tap('agree')
  tap('locate')
  await press('scope-deny')
  await expect.poll(results).toMatchObject([{ errMsg: 'getLocation:fail auth deny', errno: 103 }])
  tap('late')
  await expect
    .poll(() => results().at(-1)?.['errMsg'])
    .toBe('openSetting:fail can only be invoked by user TAP gesture.')
  tap('settings')
  await press('setting-scope.userLocation')
  await press('settings-back')
  await expect
    .poll(() => results().at(-1))
    .toMatchObject({ authSetting: { 'scope.userLocation': true }, errMsg: 'openSetting:ok' })
  tap('locate')
  await expect.poll(() => results().at(-1)).toMatchObject({ errMsg: 'getLocation:ok' })
})

test('the phone number button waits for consent, shows the number and returns a code of the sandbox', async () => {
  const { app: sandbox } = createSandbox()
  onTestFinished(() => sandbox.close())
  await sandbox.listen({ host: '127.0.0.1', port: 0 })
  const sandboxUrl = `http://127.0.0.1:${(sandbox.server.address() as AddressInfo).port}`
  const { results, tap, press, container } = await open({ sandboxUrl })
  tap('phone-button')
  await settled()
  tap('agree')
  const shown = () => container.querySelector('[role=dialog]')?.textContent
  await expect.poll(shown).toContain('138****8000')
  await press('number-allow')
  await expect.poll(results).toMatchObject([{ errMsg: 'getPhoneNumber:ok' }])
  expect(results()[0]?.['code']).toMatch(/^\S{20,}$/)
  await fetch(`${sandboxUrl}/sandbox/fault`, { method: 'POST', body: '{"kind":"phoneQuota"}' })
  tap('phone-button')
  await press('number-allow')
  await expect.poll(() => results().at(-1)).toMatchObject({ errno: 1400001 })
})

test('an unfinished request is interrupted five seconds after the app was hidden', async () => {
  const { simulator, results, tap } = await open({ fetch: () => new Promise(() => {}) })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  tap('request')
  simulator.hide()
  await vi.advanceTimersByTimeAsync(4_999)
  expect(results()).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(results()).toEqual([{ errMsg: 'request:fail interrupted', errno: 600003 }])
  simulator.show()
  tap('request')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(results()).toHaveLength(1)
})
