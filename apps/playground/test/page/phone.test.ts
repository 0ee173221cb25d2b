// @vitest-environment jsdom
import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { compileSmallProgram } from '../phone/mini-program.ts'
import { byTestId, loadPage } from './load-page.ts'

const app = compileSmallProgram()
const config = {
  appIds: ['wx6d69616e6d690001', 'wx6d69616e6d690002'],
  appNames: {},
  builtServiceUrl: 'http://127.0.0.1:3000',
  serviceUrl: 'http://127.0.0.1:3000/',
  sandboxUrl: 'http://127.0.0.1:3101/',
  demo: null,
}

beforeEach(loadPage)

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Replies to `/app.json` in the order in which the test releases the replies. */
async function open() {
  const loads: ((ok: boolean) => Promise<void>)[] = []
  vi.stubGlobal('fetch', () => {
    const { promise, resolve } = withResolvers<Response>()
    loads.push(async (ok) => {
      const body = ok ? await app : { error: { message: 'app.json: not found' } }
      resolve(new Response(JSON.stringify(body), { status: ok ? 200 : 500 }))
    })
    return promise
  })
  const { createPhone } = await import('../../src/page/phone/phone.ts')
  const { createSheets } = await import('../../src/page/phone/sheet.ts')
  const { createNetwork } = await import('../../src/page/phone/network.ts')
  const launches: string[] = []
  const person = { isNicknameRefused: false }
  const records: CallRecord[] = []
  const network = createNetwork({
    builtServiceUrl: config.builtServiceUrl,
    origin: location.origin,
    fetch: async () => new Response('{"code":"phone-code"}'),
  })
  const phone = createPhone({
    config,
    network,
    sheets: createSheets(byTestId('phone')),
    theme: () => 'light',
    refusesNicknames: () => person.isNicknameRefused,
    numberOf: async (person) => (person === '小明' ? '13800138000' : '13900139000'),
    onLaunch: (person) => launches.push(person),
    onCall: (record) => records.push(record),
  })
  return { phone, loads, launches, records, person }
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

const tap = (testId: string) => byTestId(testId).click()

test('only the last of two launches that load at the same time is shown', async () => {
  const { phone, loads, launches } = await open()
  const first = phone.handTo({ person: '小明' })
  const second = phone.handTo({ person: '小红' })
  await loads[1]?.(true)
  await second
  await loads[0]?.(true)
  await first
  expect(launches).toEqual(['小红'])
  expect(document.querySelectorAll('#screen .sim-phone')).toHaveLength(1)
  expect(phone.holder()).toEqual({ person: '小红', appId: config.appIds[0] })
})

test('a mini program that cannot be loaded shows the error and can be started again', async () => {
  const { phone, loads, launches } = await open()
  const failed = phone.handTo({ person: '小明' })
  await loads[0]?.(false)
  await failed
  expect(byTestId('crash').textContent).toContain('app.json: not found')
  tap('crash-retry')
  await loads[1]?.(true)
  await vi.waitFor(() => expect(launches).toEqual(['小明']))
  expect(document.querySelector('[data-testid=crash]')).toBeNull()
})

test('clearStorage removes the data of the current user and appid only', async () => {
  const { phone, loads } = await open()
  const launched = phone.handTo({ person: '小明' })
  await loads[0]?.(true)
  await launched
  const prefix = `wx:${config.appIds[0]}:`
  const kept = [`${prefix}小红:a`, `wx:${config.appIds[1]}:小明:a`, 'playground:theme']
  for (const key of [`${prefix}小明:a`, `${prefix}小明:b`, ...kept]) localStorage.setItem(key, 'x')
  phone.clearStorage()
  expect(Object.keys(localStorage).sort()).toEqual([...kept].sort())
})

test('a use of the phone number button is recorded, with ok for a code only', async () => {
  const { phone, loads, records } = await open()
  const launched = phone.handTo({ person: '小明' })
  await loads[0]?.(true)
  await launched
  tap('agree')
  const buttons = () => records.filter(({ api }) => api === 'button.getPhoneNumber')
  for (const [answer, count] of [
    ['number-deny', 1],
    ['number-allow', 2],
  ] as const) {
    tap('phone-button')
    await vi.waitFor(() => byTestId(answer))
    expect(document.querySelector('#screen [role=dialog]')?.textContent).toContain('138****8000')
    tap(answer)
    await vi.waitFor(() => expect(buttons()).toHaveLength(count))
  }
  expect(buttons()).toMatchObject([
    { ok: false, output: { errMsg: 'getPhoneNumber:fail user deny' } },
    { ok: true, output: { code: 'phone-code', errMsg: 'getPhoneNumber:ok' } },
  ])
})

test('a nickname is refused while the switch of the panel is on', async () => {
  const { phone, loads, person } = await open()
  const launched = phone.handTo({ person: '小明' })
  await loads[0]?.(true)
  await launched
  const input = byTestId('nickname').querySelector('input')
  if (!input) throw new Error('no input')
  const leave = (nickname: string) => {
    input.focus()
    input.value = nickname
    input.dispatchEvent(new Event('input'))
    input.blur()
  }
  leave('阿林')
  await vi.waitFor(() => expect(input.value).toBe('阿林'))
  person.isNicknameRefused = true
  leave('阿明')
  await vi.waitFor(() => expect(input.value).toBe(''))
})
