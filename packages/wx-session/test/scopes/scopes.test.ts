import { beforeEach, describe, expect, it } from 'vitest'
import { createScopes, type Scope, type Scopes } from '../../src/scopes.ts'
import { ScopePhone } from './scope-phone.ts'

const scope: Scope = 'scope.userLocation'
let phone: ScopePhone
let scopes: Scopes
beforeEach(() => {
  phone = new ScopePhone()
  scopes = createScopes({ wx: phone.wx, now: () => phone.time })
})
const tapEnsure = (asked: Scope = scope) => phone.tap(() => scopes.ensure(asked))

describe('asking for a scope', () => {
  it('shows one popup, and none when it is granted', async () => {
    expect(await tapEnsure()).toBe('granted')
    expect(await tapEnsure()).toBe('granted')
    expect(phone.counts).toMatchObject({ popups: 1, settings: 0 })
  })

  it('that is refused opens no settings in the same tap, and the settings in the next', async () => {
    phone.popup = 'refuse'
    expect(await tapEnsure()).toBe('refused')
    expect(phone.counts).toMatchObject({ popups: 1, settings: 0 })
    phone.switches = { [scope]: true }
    expect(await tapEnsure()).toBe('granted')
    expect(phone.counts).toMatchObject({ popups: 1, settings: 1, authorize: 1 })
  })

  it('that was refused in an earlier run opens the settings in the first tap, if the page has looked', async () => {
    phone.answers.set(scope, false)
    expect(await scopes.state(scope)).toBe('refused')
    phone.switches = { [scope]: true }
    expect(await tapEnsure()).toBe('granted')
    expect(phone.counts).toMatchObject({ popups: 0, settings: 1, authorize: 0 })
  })

  it('that was refused in an earlier run is refused at once, if the page has not looked', async () => {
    phone.answers.set(scope, false)
    expect(await tapEnsure()).toBe('refused')
    expect(phone.counts).toMatchObject({ popups: 0, settings: 0 })
    await tapEnsure()
    expect(phone.counts.settings).toBe(1)
  })

  it('never loops: a tap is one call, however often the person refuses', async () => {
    phone.popup = 'refuse'
    for (let tap = 1; tap <= 5; tap += 1) {
      expect(await tapEnsure()).toBe('refused')
      expect(phone.counts.authorize + phone.counts.settings).toBe(tap)
    }
    expect(phone.counts.popups).toBe(1)
  })

  it('twice at once is asking once', async () => {
    const both = [tapEnsure(), tapEnsure()]
    expect(await Promise.all(both)).toEqual(['granted', 'granted'])
    expect(phone.counts.authorize).toBe(1)
  })

  it('by ask() after a refusal is refused at once and opens nothing', async () => {
    phone.popup = 'refuse'
    await scopes.ask(scope)
    expect(await scopes.ask(scope)).toBe('refused')
    expect(phone.counts).toMatchObject({ popups: 1, settings: 0 })
  })

  it('for the background has no popup and leads to the settings', async () => {
    const background: Scope = 'scope.userLocationBackground'
    expect(await tapEnsure(background)).toBe('refused')
    phone.switches = { [background]: true }
    expect(await tapEnsure(background)).toBe('granted')
    expect(phone.counts).toMatchObject({ popups: 0, settings: 1 })
  })
})

describe('the settings', () => {
  it('fail outside a tap, say so, and open in the next tap', async () => {
    phone.answers.set(scope, false)
    await scopes.state(scope)
    expect(await scopes.ensure(scope)).toBe('unavailable')
    expect(scopes.failure(scope)?.errMsg).toContain('TAP gesture')
    await tapEnsure()
    expect([phone.counts.settings, scopes.failure(scope)]).toEqual([1, null])
  })

  it('are not opened for what was never asked, because they would not list it', async () => {
    expect(await scopes.state(scope)).toBe('notAsked')
    expect(await phone.tap(() => scopes.openSettings(scope))).toBe('granted')
    expect(phone.counts).toMatchObject({ popups: 1, settings: 0 })
  })

  it('list what was asked, and may take a grant back', async () => {
    await tapEnsure()
    await tapEnsure('scope.record')
    phone.switches = { [scope]: false }
    expect(await phone.tap(() => scopes.openSettings(scope))).toBe('refused')
    expect(phone.listed).toEqual([scope, 'scope.record'])
    expect(await scopes.state(scope)).toBe('refused')
    expect(await scopes.state('scope.record')).toBe('granted')
  })
})

describe('the state of scopes', () => {
  it('takes one wx.getSetting for all that a page shows, and a new one a second later', async () => {
    await Promise.all([scopes.state(scope), scopes.state('scope.record')])
    expect(phone.counts.getSetting).toBe(1)
    phone.time += 1000
    phone.answers.set(scope, true)
    expect(await scopes.state(scope)).toBe('granted')
    expect(phone.counts.getSetting).toBe(2)
  })

  it('is not set back by a reply from before the answer of the person', async () => {
    let answerLate = () => {}
    const { getSetting } = phone.wx
    phone.wx.getSetting = ({ success }) => {
      answerLate = () => success({ authSetting: {} })
    }
    const early = scopes.state(scope)
    phone.wx.getSetting = getSetting
    phone.popup = 'refuse'
    await tapEnsure()
    answerLate()
    expect(await early).toBe('refused')
    await tapEnsure()
    expect(phone.counts.settings).toBe(1)
  })

  it('is unavailable on a platform that lacks the API', async () => {
    const bare = createScopes({ wx: {} as ScopePhone['wx'] })
    expect(await bare.state(scope)).toBe('unavailable')
    expect(await bare.ensure(scope)).toBe('unavailable')
    expect(bare.failure(scope)?.errMsg).toMatch(/not a function/)
  })
})

describe('a failure that is no refusal', () => {
  it('of the privacy guide is told apart, stays for ten seconds, and is asked again then', async () => {
    phone.privacy = 'refuse'
    expect(await tapEnsure()).toBe('privacyRefused')
    phone.privacy = 'agree'
    phone.time = 9999
    expect(await tapEnsure()).toBe('privacyRefused')
    expect(phone.counts).toMatchObject({ privacyPopups: 1, popups: 0 })
    phone.time = 10_000
    expect(await tapEnsure()).toBe('granted')
    expect(phone.counts).toMatchObject({ privacyPopups: 2, popups: 1, settings: 0 })
  })

  it('of a console that does not declare the scope is unavailable and can be read', async () => {
    const failure = {
      errMsg: 'authorize:fail api scope is not declared in the privacy agreement',
      errno: 112,
    }
    phone.trouble = failure
    expect(await tapEnsure()).toBe('unavailable')
    expect(scopes.failure(scope)).toBe(failure)
  })

  it('in a language nobody knows is a refusal exactly if WeChat has noted one', async () => {
    phone.trouble = { errMsg: 'authorize:fail 用户已拒绝' }
    phone.answers.set(scope, false)
    expect(await tapEnsure()).toBe('refused')
    phone.trouble = { errMsg: 'authorize:fail 系统错误' }
    expect(await tapEnsure('scope.record')).toBe('unavailable')
  })

  it('leaves no unhandled promise where the platform returns one too', async () => {
    phone.wx.authorize = ({ fail }) => {
      fail({ errMsg: 'authorize:fail auth deny' })
      return Promise.reject(new Error('authorize:fail auth deny'))
    }
    expect(await tapEnsure()).toBe('refused')
  })
})

describe('in any order of what a person and an app may do', () => {
  it('every result agrees with the phone, no tap costs more than one popup or page', async () => {
    const all: Scope[] = [scope, 'scope.record', 'scope.userLocationBackground']
    const pick = <T>(list: readonly T[], number: number): T => list[number % list.length] as T
    for (let seed = 0; seed < 2000; seed += 1) {
      phone = new ScopePhone()
      scopes = createScopes({ wx: phone.wx, now: () => phone.time })
      let state = seed * 2654435761
      const next = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        return state >>> 8
      }
      for (let step = 0; step < 12; step += 1) {
        const asked = pick(all, next())
        phone.popup = pick(['allow', 'refuse'], next())
        phone.switches = { [pick(all, next())]: next() % 2 === 0 }
        phone.time += next() % 3000
        const before = { ...phone.counts }
        const known = phone.answers.get(asked)
        const act = pick(['ensure', 'ask', 'openSettings', 'state'] as const, next())
        const result = await phone.tap(() => scopes[act](asked))
        const { popups, settings, authorize } = phone.counts
        const shown = popups - before.popups + settings - before.settings
        expect(shown, `seed ${seed}`).toBeLessThanOrEqual(act === 'state' ? 0 : 1)
        expect(authorize - before.authorize).toBeLessThanOrEqual(1)
        expect(popups - before.popups).toBeLessThanOrEqual(known === undefined ? 1 : 0)
        if (act === 'state') continue
        const granted = phone.answers.get(asked) === true
        expect(result, `seed ${seed}`).toBe(granted ? 'granted' : 'refused')
      }
    }
  })
})
