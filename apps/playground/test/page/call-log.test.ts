// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { call, failure, mutation, result } from '../call-records.ts'
import { byTestId, loadPage, textsOf } from './load-page.ts'

beforeEach(async () => {
  await loadPage()
  vi.useFakeTimers({ toFake: ['Date'], now: 100_000 })
})

afterEach(() => {
  vi.useRealTimers()
})

async function createLog() {
  const { createCallLog } = await import('../../src/page/call-log/call-log.ts')
  return createCallLog()
}

const titles = () => textsOf('[data-testid=call-log-row] b')
const offsets = () => textsOf('[data-testid=call-log-row] .at')
const at = (startedAt: number, api = 'login') => call(api, { startedAt, endedAt: startedAt + 5 })

test('rows are ordered by the start of the call, and equal starts by arrival', async () => {
  const log = await createLog()
  log.record(at(100_020, 'second'))
  log.record(at(100_010, 'first'))
  log.record(at(100_020, 'third'))
  expect(titles()).toEqual(['wx.first', 'wx.second', 'wx.third'])
})

test('the log keeps the last 400 rows', async () => {
  const log = await createLog()
  for (let count = 1; count <= 401; count += 1) log.record(at(100_000 + count, `api${count}`))
  const rows = titles()
  expect([rows.length, rows[0], rows.at(-1)]).toEqual([400, 'wx.api2', 'wx.api401'])
})

test('the offset of a row is relative to the launch before it', async () => {
  const log = await createLog()
  log.launched('小明')
  vi.setSystemTime(200_000)
  log.launched('小红')
  log.record(at(200_007))
  log.wechatCall({
    seq: 1,
    at: new Date(109_999).toISOString(),
    durationMs: 3,
    method: 'GET',
    path: '/sns/jscode2session',
    errcode: 0,
  })
  log.record(at(210_000))
  log.record(at(800_000))
  expect(offsets()).toEqual(['+9999', '+7', '+10.0 s', '+10 min'])
})

test('the summary counts the calls since the launch and ignores late replies to earlier ones', async () => {
  const log = await createLog()
  const summary = () => byTestId('call-log-summary').textContent
  log.launched('小明')
  log.record(at(100_000))
  log.record({
    ...mutation('miniLogin', {}, result({ status: 'signedIn' })),
    startedAt: 100_001,
    endedAt: 100_042,
  })
  expect(summary()).toBe('启动以来：1 次 wx.login，1 次业务请求，已登录，用时 42 ms')
  vi.setSystemTime(200_000)
  log.launched('小红')
  expect(summary()).toBe('启动以来：0 次 wx.login，0 次业务请求')
  log.record(at(199_999))
  expect(summary()).toBe('启动以来：0 次 wx.login，0 次业务请求')
  log.record(at(200_000))
  expect(summary()).toBe('启动以来：1 次 wx.login，0 次业务请求')
})

test('a row shows its parts once, however often it is opened', async () => {
  const log = await createLog()
  log.record(at(100_000))
  const details = document.querySelector('details') as HTMLDetailsElement
  details.dispatchEvent(new Event('toggle'))
  details.dispatchEvent(new Event('toggle'))
  expect(document.querySelectorAll('.parts')).toHaveLength(1)
  expect(textsOf('.sent h4')).toEqual(['输入复制'])
  expect(textsOf('.received h4')).toEqual(['回复复制'])
})

test('a row has the data attributes that tests use, and its texts follow the language', async () => {
  const { setUpLanguage } = await import('../../src/page/text/language.ts')
  setUpLanguage(byTestId<HTMLButtonElement>('language'))
  const log = await createLog()
  log.launched('小明')
  log.record(mutation('bind', {}, result({ status: 'signedIn' })))
  expect({ ...byTestId('call-log-row').dataset }).toEqual({
    testid: 'call-log-row',
    kind: 'service',
    api: 'request',
    procedure: 'bind',
    ok: 'true',
  })
  expect(byTestId('call-log-launch').textContent).toContain('小明 打开小程序')
  byTestId('language').click()
  expect(byTestId('call-log-launch').textContent).toContain('Ming opens the mini program')
  expect(document.querySelector('.tag')?.textContent).toBe('Service')
})

test('clear removes the rows, and local calls are shown after a click', async () => {
  const log = await createLog()
  log.record(at(100_000))
  byTestId('call-log-local').click()
  expect(byTestId('call-log').hasAttribute('data-local')).toBe(true)
  expect(byTestId('call-log-local').getAttribute('aria-pressed')).toBe('true')
  byTestId('call-log-clear').click()
  expect(titles()).toEqual([])
})

test('a launch that needed no call says until when the kept sign-in is good', async () => {
  const log = await createLog()
  log.launched('小明')
  const expiresAt = new Date(2026, 10, 27, 18, 30)
  const tokens = { accessToken: 'a', accessTokenExpiresAt: expiresAt.toISOString() }
  const read = call('getStorage', { output: { data: { tokens }, errMsg: 'getStorage:ok' } })
  log.record({ ...read, startedAt: 100_001, endedAt: 100_003 })
  const summary = () => byTestId('call-log-summary').textContent
  expect(summary()).toMatch(/不需要任何请求：保存的登录在 18:30 之前有效$/)
  expect(log.isSignedIn()).toBe(true)
  log.record({ ...mutation('me', {}, result({})), startedAt: 100_010, endedAt: 100_020 })
  expect(summary()).toBe('启动以来：0 次 wx.login，1 次业务请求，已登录，用时 3 ms')
})

test('the filter shows the rows with every word, new ones too, and says where none matches', async () => {
  const log = await createLog()
  log.launched('小明')
  log.record(at(100_001))
  log.record(mutation('bind', {}, failure('credential_rejected', 'UNAUTHORIZED'), 401))
  const shown = () => textsOf('.row:not([hidden]) b')
  const filter = (text: string) => {
    const field = byTestId<HTMLInputElement>('call-log-filter')
    field.value = text
    field.dispatchEvent(new Event('input'))
  }
  filter('BIND 401')
  expect(shown()).toEqual(['bind'])
  log.record(at(100_050, 'checkSession'))
  expect(shown()).toEqual(['bind'])
  filter('bind 200')
  expect(shown()).toEqual([])
  expect(document.getElementById('call-log-no-match')?.hidden).toBe(false)
  filter('')
  expect(shown()).toEqual(['bind', 'wx.login', 'wx.checkSession'])
  expect(document.getElementById('call-log-no-match')?.hidden).toBe(true)
})

test('a part is copied as it is shown', async () => {
  const copied: string[] = []
  const writeText = async (text: string) => void copied.push(text)
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true })
  const log = await createLog()
  log.record(mutation('bind', { ticket: 'a-ticket-that-is-long' }, result({ status: 'signedIn' })))
  document.querySelector('details')?.dispatchEvent(new Event('toggle'))
  for (const button of document.querySelectorAll<HTMLElement>('[data-testid=copy-part]'))
    button.click()
  await vi.waitFor(() => expect(copied).toHaveLength(3))
  expect(copied).toEqual(textsOf('.parts pre'))
  expect(copied.join()).not.toContain('a-ticket-that-is-long')
  expect(textsOf('[data-testid=copy-part]')[0]).toBe('已复制')
})
