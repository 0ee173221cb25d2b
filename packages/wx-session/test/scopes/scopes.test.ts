import { beforeEach, describe, expect, it } from 'vitest'
import { createScopes, type Scope, type Scopes, type ScopesWx } from '../../src/scopes.ts'
import { FakePhone } from './fake-phone.ts'

const scope: Scope = 'scope.userLocation'
let phone: FakePhone
let scopes: Scopes
beforeEach(() => {
  phone = new FakePhone()
  scopes = createScopes({ wx: phone.wx, now: () => phone.time })
})
const tapEnsure = (requested: Scope = scope) => phone.tap(() => scopes.ensure(requested))

describe('asking for a scope', () => {
  it('shows one popup, and none after it is granted', async () => {
    expect(await tapEnsure()).toBe('granted')
    expect(await tapEnsure()).toBe('granted')
    expect(phone.counts).toMatchObject({ popups: 1, settings: 0 })
  })

  it('that is refused opens the settings in the next tap, not in the same one', async () => {
    phone.popup = 'refuse'
    expect(await tapEnsure()).toBe('refused')
    expect(phone.counts).toMatchObject({ popups: 1, settings: 0 })
    phone.switches = { [scope]: true }
    expect(await tapEnsure()).toBe('granted')
    expect(phone.counts).toMatchObject({ popups: 1, settings: 1, authorize: 1 })
  })

  it('that was refused in an earlier run opens the settings in the first tap, if state was read before', async () => {
    phone.answers.set(scope, false)
    expect(await scopes.state(scope)).toBe('refused')
    phone.switches = { [scope]: true }
    expect(await tapEnsure()).toBe('granted')
    expect(phone.counts).toMatchObject({ popups: 0, settings: 1, authorize: 0 })
  })

  it('that was refused in an earlier run is refused at once, if state was not read before', async () => {
    phone.answers.set(scope, false)
    expect(await tapEnsure()).toBe('refused')
    expect(phone.counts).toMatchObject({ popups: 0, settings: 0 })
    await tapEnsure()
    expect(phone.counts.settings).toBe(1)
  })

  it('makes one call for each tap, also after many refusals', async () => {
    phone.popup = 'refuse'
    for (let tap = 1; tap <= 5; tap += 1) {
      expect(await tapEnsure()).toBe('refused')
      expect(phone.counts.authorize + phone.counts.settings).toBe(tap)
    }
    expect(phone.counts.popups).toBe(1)
  })

  it('asks again in a later tap where the popup never called back', async () => {
    const { authorize } = phone.wx
    phone.wx.authorize = () => undefined
    let first = 'waits'
    void tapEnsure().then((result) => {
      first = result
    })
    phone.wx.authorize = authorize
    phone.time += 999
    let second = 'waits'
    void tapEnsure().then((result) => {
      second = result
    })
    phone.time += 1
    expect(await tapEnsure()).toBe('granted')
    await Promise.resolve()
    expect([first, second, phone.counts.authorize]).toEqual(['granted', 'granted', 1])
  })

  it('twice at the same time asks once', async () => {
    const both = [tapEnsure(), tapEnsure()]
    expect(await Promise.all(both)).toEqual(['granted', 'granted'])
    expect(phone.counts.authorize).toBe(1)
  })

  it('asks once while its popup is open, also after another scope was granted', async () => {
    const openPopups: (() => unknown)[] = []
    const authorize: ScopesWx['authorize'] = (options) =>
      options.scope === 'scope.record'
        ? openPopups.push(() => phone.wx.authorize(options))
        : phone.wx.authorize(options)
    scopes = createScopes({ wx: { ...phone.wx, authorize } })
    const first = scopes.ask('scope.record')
    expect(await scopes.ask(scope)).toBe('granted')
    const second = scopes.ask('scope.record')
    expect(openPopups).toHaveLength(1)
    openPopups[0]?.()
    expect(await Promise.all([first, second])).toEqual(['granted', 'granted'])
  })

  it('with ask() after a refusal is refused at once and opens nothing', async () => {
    phone.popup = 'refuse'
    await scopes.ask(scope)
    expect(await scopes.ask(scope)).toBe('refused')
    expect(phone.counts).toMatchObject({ popups: 1, settings: 0 })
  })

  it('for the background location has no popup and opens the settings', async () => {
    const background: Scope = 'scope.userLocationBackground'
    expect(await tapEnsure(background)).toBe('refused')
    phone.switches = { [background]: true }
    expect(await tapEnsure(background)).toBe('granted')
    expect(phone.counts).toMatchObject({ popups: 0, settings: 1 })
  })
})

describe('the settings', () => {
  it('fail outside a tap with the reason, and open in the next tap', async () => {
    phone.answers.set(scope, false)
    await scopes.state(scope)
    expect(await scopes.ensure(scope)).toBe('unavailable')
    expect(scopes.failure(scope)?.errMsg).toContain('TAP gesture')
    await tapEnsure()
    expect([phone.counts.settings, scopes.failure(scope)]).toEqual([1, null])
  })

  it('are not opened for a scope that was never asked for, because they would not list it', async () => {
    expect(await scopes.state(scope)).toBe('notAsked')
    expect(await phone.tap(() => scopes.openSettings(scope))).toBe('granted')
    expect(phone.counts).toMatchObject({ popups: 1, settings: 0 })
  })

  it('list the scopes that were asked for, and can revoke a grant', async () => {
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
  it('needs one wx.getSetting for all scopes of a page, and a new one after a second', async () => {
    await Promise.all([scopes.state(scope), scopes.state('scope.record')])
    phone.time += 999
    await scopes.state(scope)
    expect(phone.counts.getSetting).toBe(1)
    phone.time += 1
    phone.answers.set(scope, true)
    expect(await scopes.state(scope)).toBe('granted')
    expect(phone.counts.getSetting).toBe(2)
    phone.time -= 60_000
    await scopes.state(scope)
    expect(phone.counts.getSetting).toBe(3)
  })

  it.each([
    ['ask', 'allow', 'granted'],
    ['ask', 'refuse', 'refused'],
    ['openSettings', 'allow', 'granted'],
  ] as const)('is read again after %s (%s)', async (method, popup, expected) => {
    if (method === 'openSettings') phone.answers.set(scope, false)
    await scopes.state(scope)
    phone.popup = popup
    phone.switches = { [scope]: true }
    await phone.tap(() => scopes[method](scope))
    expect(await scopes.state(scope)).toBe(expected)
    expect(phone.counts.getSetting).toBe(2)
  })

  it('is not overwritten by a result from before the answer of the person', async () => {
    let resolveEarlier = () => {}
    const { getSetting } = phone.wx
    phone.wx.getSetting = ({ success }) => {
      resolveEarlier = () => success({ authSetting: {} })
    }
    const early = scopes.state(scope)
    phone.wx.getSetting = getSetting
    phone.popup = 'refuse'
    await tapEnsure()
    resolveEarlier()
    expect(await early).toBe('refused')
    await tapEnsure()
    expect(phone.counts.settings).toBe(1)
  })

  it('is unavailable on a platform without the API', async () => {
    const bare = createScopes({ wx: {} as FakePhone['wx'] })
    expect(await bare.state(scope)).toBe('unavailable')
    expect(await bare.ensure(scope)).toBe('unavailable')
    expect(bare.failure(scope)?.errMsg).toMatch(/not a function/)
  })
})

describe('a failure that is not a refusal', () => {
  it('of the privacy guide has its own result, and WeChat asks again after ten seconds', async () => {
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

  it('because the scope is not declared is unavailable, with the failure', async () => {
    const failure = {
      errMsg: 'authorize:fail api scope is not declared in the privacy agreement',
      errno: 112,
    }
    phone.nextFailure = failure
    expect(await tapEnsure()).toBe('unavailable')
    expect(scopes.failure(scope)).toBe(failure)
  })

  it('with an unknown message is unavailable when wx.getSetting fails too', async () => {
    const failure = { errMsg: 'authorize:fail 系统错误' }
    phone.nextFailure = failure
    phone.wx.getSetting = ({ fail }) => fail({ errMsg: 'getSetting:fail' })
    expect(await tapEnsure()).toBe('unavailable')
    expect(scopes.failure(scope)).toBe(failure)
  })

  it.each([undefined, null, 'authorize:fail'])(
    'with %j in place of a failure is unavailable',
    async (failure) => {
      phone.wx.authorize = ({ fail }) => fail(failure as never)
      expect(await tapEnsure()).toBe('unavailable')
    },
  )

  it('is forgotten after another result', async () => {
    phone.nextFailure = { errMsg: 'authorize:fail', errno: 112 }
    await tapEnsure()
    phone.privacy = 'refuse'
    expect(await tapEnsure()).toBe('privacyRefused')
    expect(scopes.failure(scope)).toBeNull()
  })

  it('does not stop the next request', async () => {
    phone.nextFailure = { errMsg: 'authorize:fail', errno: 112 }
    expect(await tapEnsure()).toBe('unavailable')
    expect(await tapEnsure()).toBe('granted')
    expect(phone.counts.authorize).toBe(2)
  })

  it('with a message in another language is a refusal exactly when wx.getSetting says so', async () => {
    phone.nextFailure = { errMsg: 'authorize:fail 用户已拒绝' }
    phone.answers.set(scope, false)
    expect(await tapEnsure()).toBe('refused')
    phone.nextFailure = { errMsg: 'authorize:fail 系统错误' }
    expect(await tapEnsure('scope.record')).toBe('unavailable')
  })

  it('leaves no unhandled rejection when the platform also returns a promise', async () => {
    phone.wx.authorize = ({ fail }) => {
      fail({ errMsg: 'authorize:fail auth deny' })
      return Promise.reject(new Error('authorize:fail auth deny'))
    }
    expect(await tapEnsure()).toBe('refused')
  })
})

describe('in random sequences of calls', () => {
  it('each result agrees with the phone, and a tap shows at most one popup or settings page', async () => {
    const all: Scope[] = [scope, 'scope.record', 'scope.userLocationBackground']
    const pick = <T>(list: readonly T[], number: number): T => list[number % list.length] as T
    for (let seed = 0; seed < 2000; seed += 1) {
      phone = new FakePhone()
      scopes = createScopes({ wx: phone.wx, now: () => phone.time })
      let state = seed * 2654435761
      const next = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        return state >>> 8
      }
      for (let step = 0; step < 12; step += 1) {
        const requested = pick(all, next())
        phone.popup = pick(['allow', 'refuse'], next())
        phone.switches = { [pick(all, next())]: next() % 2 === 0 }
        phone.time += next() % 3000
        const before = { ...phone.counts }
        const known = phone.answers.get(requested)
        const method = pick(['ensure', 'ask', 'openSettings', 'state'] as const, next())
        const result = await phone.tap(() => scopes[method](requested))
        const { popups, settings, authorize } = phone.counts
        const shown = popups - before.popups + settings - before.settings
        expect(shown, `seed ${seed}`).toBeLessThanOrEqual(method === 'state' ? 0 : 1)
        expect(authorize - before.authorize).toBeLessThanOrEqual(1)
        expect(popups - before.popups).toBeLessThanOrEqual(known === undefined ? 1 : 0)
        if (method === 'state') continue
        const granted = phone.answers.get(requested) === true
        expect(result, `seed ${seed}`).toBe(granted ? 'granted' : 'refused')
      }
    }
  })
})
