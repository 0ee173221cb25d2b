import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPrivacyBroker } from '../../src/privacy.ts'
import { createScopes } from '../../src/scopes.ts'
import { FakePhone } from '../scopes/fake-phone.ts'

/** Phones, clocks and listeners that the scopes and the privacy broker must bear. */

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const scope = 'scope.record'

describe('the settings, where wx.getSetting', () => {
  it.each<[string, unknown]>([
    ['no argument', undefined],
    ['no settings', {}],
    ['null', null],
  ])('succeeds with %s, are unavailable, and the next read may succeed', async (_what, result) => {
    const phone = new FakePhone()
    const { getSetting } = phone.wx
    phone.wx.getSetting = ({ success }) => success(result as never)
    const scopes = createScopes({ wx: phone.wx, now: () => phone.time })
    expect(await scopes.state(scope)).toBe('unavailable')
    expect(scopes.failure(scope)).not.toBeNull()
    phone.wx.getSetting = getSetting
    phone.time += 1_000
    expect(await scopes.state(scope)).toBe('notAsked')
  })

  it('never calls back, are unavailable after ten seconds, and a tap is not held up longer', async () => {
    const phone = new FakePhone()
    phone.wx.getSetting = () => undefined
    const scopes = createScopes({ wx: phone.wx, now: () => phone.time })
    const state = scopes.state(scope)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await state).toBe('unavailable')
    expect(scopes.failure(scope)).toMatchObject({ errMsg: 'getSetting:fail timeout of 10000 ms' })
    phone.nextFailure = { errMsg: 'authorize:fail 系统错误' }
    const asked = scopes.ask(scope)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await asked).toBe('unavailable')
    expect(vi.getTimerCount()).toBe(0)
  })
})

it('settings that open without a result are unavailable', async () => {
  const phone = new FakePhone()
  phone.answers.set(scope, false)
  const scopes = createScopes({ wx: phone.wx, now: () => phone.time })
  expect(await scopes.state(scope)).toBe('refused')
  phone.wx.openSetting = ({ success }) => success(undefined as never)
  expect(await scopes.ensure(scope)).toBe('unavailable')
})

describe('the privacy broker', () => {
  function createPhone() {
    let need: (resolve: () => void, info: { referrer: string }) => void = () => undefined
    const wx = {
      onNeedPrivacyAuthorization(listener: typeof need) {
        need = listener
      },
    }
    const requireConsent = (referrer: string) => need(() => undefined, { referrer })
    return { wx, requireConsent }
  }

  it('tells each listener the newest request last, where one of them answers or asks at once', () => {
    const { wx, requireConsent } = createPhone()
    const broker = createPrivacyBroker({ wx })
    const seen: unknown[] = []
    let asked = false
    broker.subscribe((request) => {
      if (request?.api === 'first') broker.refuse()
      else if (request === null && broker.quietFor() > 0 && !asked) {
        asked = true
        requireConsent('second')
      }
    })
    broker.subscribe((request) => seen.push(request?.api))
    requireConsent('first')
    expect(broker.request).toEqual({ api: 'second' })
    expect(seen.at(-1)).toBe('second')
  })

  it('is not quiet for longer where the clock is set back', () => {
    const { wx, requireConsent } = createPhone()
    let time = 1e12
    const broker = createPrivacyBroker({ wx, now: () => time })
    requireConsent('api')
    broker.refuse()
    expect(broker.quietFor()).toBe(10_000)
    time -= 365 * 24 * 60 * 60 * 1000
    expect(broker.quietFor()).toBe(0)
  })
})
