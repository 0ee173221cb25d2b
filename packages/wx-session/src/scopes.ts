import { withTimeLimit } from './session/time-limit.ts'
import { faultOfFailure, type WxFailure } from './wx-fault.ts'

export type { WxFailure } from './wx-fault.ts'

/**
 * The scopes that a person can grant
 * (https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/authorize.html).
 * `userLocationBackground` has no popup: it is granted in the settings only. Not included are
 * `userInfo`, which WeChat has withdrawn, and `address`, `invoice` and `invoiceTitle`, which are
 * always granted.
 */
export type Scope =
  | 'scope.userLocation'
  | 'scope.userFuzzyLocation'
  | 'scope.userLocationBackground'
  | 'scope.record'
  | 'scope.camera'
  | 'scope.bluetooth'
  | 'scope.writePhotosAlbum'
  | 'scope.addPhoneContact'
  | 'scope.addPhoneCalendar'
  | 'scope.werun'

/** Whether a scope is granted. `unavailable`: wx.getSetting has failed; `failure(scope)` says why. */
export type ScopeState = 'granted' | 'refused' | 'notAsked' | 'unavailable'

/**
 * The result of asking for a scope or of opening the settings for it.
 *
 * - `granted`: the API may be called
 * - `refused`: WeChat shows no popup again; the next tap may open the settings
 * - `privacyRefused`: the person has refused the privacy guide, so the scope was not asked for;
 *   WeChat asks again after 10 seconds
 * - `unavailable`: `failure(scope)` says why
 */
export type ScopeResult = 'granted' | 'refused' | 'privacyRefused' | 'unavailable'

interface SettingResult {
  authSetting: { [scope in Scope]?: boolean }
}

interface WxCallbacks<R> {
  success(result: R): void
  fail(failure: WxFailure): void
}

/** The part of `wx` that scopes need. */
export interface ScopesWx {
  /** https://developers.weixin.qq.com/miniprogram/dev/api/open-api/authorize/wx.authorize.html */
  authorize(options: { scope: string } & WxCallbacks<unknown>): unknown
  /** https://developers.weixin.qq.com/miniprogram/dev/api/open-api/setting/wx.getSetting.html */
  getSetting(options: WxCallbacks<SettingResult>): unknown
  /** https://developers.weixin.qq.com/miniprogram/dev/api/open-api/setting/wx.openSetting.html */
  openSetting(options: WxCallbacks<SettingResult>): unknown
}

/** Reads the scopes that a person has granted, and asks for them. */
export interface Scopes {
  /**
   * The scope's state by wx.getSetting (at most one call a second). Call it in a page's onShow, so
   * that `ensure` knows the state when the person taps.
   */
  state(scope: Scope): Promise<ScopeState>
  /**
   * Opens the settings when the scope is known to be refused, and asks otherwise. Call it in a tap,
   * before any `await`. It never does both: after `refused`, the next tap opens the settings.
   */
  ensure(scope: Scope): Promise<ScopeResult>
  /** Shows WeChat's popup when the person was not asked yet; after a refusal the result is `refused` at once. */
  ask(scope: Scope): Promise<ScopeResult>
  /**
   * Opens the settings. Asks instead when the person is known not to have been asked, because the
   * settings list only scopes that were asked for. Call it in a tap, before any `await`: it calls
   * wx.openSetting before it returns.
   */
  openSettings(scope: Scope): Promise<ScopeResult>
  /** Why the scope's latest result was `unavailable`; null for other results. */
  failure(scope: Scope): WxFailure | null
}

/** Options of {@link createScopes}. */
export interface ScopesOptions {
  /** `wx`, `Taro` or `uni`. */
  wx: ScopesWx
  /** Milliseconds since 1970. Default Date.now. */
  now?(): number
}

/** Milliseconds. WeChat allows four calls of wx.getSetting a second, and in a day twice the number of page views. */
const settingCacheTime = 1000
/** Milliseconds for wx.getSetting, which does not ask the person. */
const readTimeout = 10_000
/** Milliseconds. The popup covers the page, so a tap that comes later than this means that it is gone. */
const askTime = 1_000

interface Asking {
  at: number
  result: Promise<ScopeResult>
  settle(result: ScopeResult): void
}

/**
 * Asks a person for scopes such as the location. WeChat asks once; after a refusal only the settings
 * can grant the scope, and they open only in a tap. So the states and results are remembered, and
 * one tap shows one popup or one settings page.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/authorize.html
 *
 * @example
 * ```ts
 * import { createScopes } from '@mianmi/wx-session/scopes'
 *
 * const scopes = createScopes({ wx })
 *
 * Page({
 *   data: { location: 'notAsked' },
 *   async onShow() {
 *     this.setData({ location: await scopes.state('scope.userLocation') })
 *   },
 *   async onTap() {
 *     const result = await scopes.ensure('scope.userLocation') // first, before any await
 *     this.setData({ location: result })
 *   },
 * })
 * ```
 */
export function createScopes({ wx, now = Date.now }: ScopesOptions): Scopes {
  const records = createScopeRecords()
  const setting = createSettingCache(wx, now)
  const asking = new Map<Scope, Asking>()

  const state = (scope: Scope): Promise<ScopeState> => {
    const reading = setting.read()
    return reading.then(
      (settings): ScopeState => {
        // A result that was requested before the person's latest decision is out of date.
        if (setting.isLatest(reading)) return records.set(scope, scopeStateIn(settings, scope))
        return records.get(scope) ?? scopeStateIn(settings, scope)
      },
      (failure: WxFailure) => records.fail(scope, failure),
    )
  }

  const resultOfFailure = (
    scope: Scope,
    failure: WxFailure,
  ): Promise<ScopeResult> | ScopeResult => {
    setting.clear()
    const fault = faultOfFailure(failure)
    if (fault === 'privacyNotAgreed') {
      records.clearFailure(scope)
      return 'privacyRefused'
    }
    if (fault === 'scopeRefused') return records.set(scope, 'refused')
    // The message may be in any language, so wx.getSetting decides.
    const isRefused = setting.read().then(
      (settings) => scopeStateIn(settings, scope) === 'refused',
      () => false,
    )
    return isRefused.then((refused) =>
      refused ? records.set(scope, 'refused') : records.fail(scope, failure),
    )
  }

  const ask = (scope: Scope): Promise<ScopeResult> => {
    const running = asking.get(scope)
    // A popup that never called back must not stop the next tap. A clock that was set back does not count.
    if (running && Math.abs(now() - running.at) < askTime) return running.result
    const authorized = callWithCallbacks((callbacks) => wx.authorize({ scope, ...callbacks }))
    const answer = authorized.then(
      () => {
        setting.clear()
        return records.set(scope, 'granted')
      },
      (failure: WxFailure) => resultOfFailure(scope, failure),
    )
    const started: Asking = { at: now(), result: answer, settle: ignore }
    started.result = new Promise((resolve) => {
      started.settle = resolve
      answer.then(resolve)
    })
    // The tap that waited for the popup that is gone gets the same answer.
    if (running) started.result.then(running.settle)
    asking.set(scope, started)
    const clear = () => {
      if (asking.get(scope) === started) asking.delete(scope)
    }
    started.result.then(clear)
    return started.result
  }

  // Not an async function, and no statement before the call: wx.openSetting must run within the tap.
  const openSettings = (scope: Scope): Promise<ScopeResult> => {
    if (records.get(scope) === 'notAsked') return ask(scope)
    const opened = callForSettings((callbacks) => wx.openSetting(callbacks))
    return opened.then(
      (settings) => {
        setting.clear()
        return records.set(scope, scopeStateIn(settings, scope)) === 'granted'
          ? 'granted'
          : 'refused'
      },
      (failure: WxFailure) => records.fail(scope, failure),
    )
  }

  return {
    state,
    ask,
    openSettings,
    ensure: (scope) => (records.get(scope) === 'refused' ? openSettings(scope) : ask(scope)),
    failure: records.failure,
  }
}

/** The known state of each scope, for a tap that cannot wait for wx.getSetting. */
function createScopeRecords() {
  const states = new Map<Scope, ScopeState>()
  const failures = new Map<Scope, WxFailure>()
  return {
    get: (scope: Scope) => states.get(scope),
    failure: (scope: Scope) => failures.get(scope) ?? null,
    clearFailure: (scope: Scope) => failures.delete(scope),
    set<S extends ScopeState>(scope: Scope, state: S): S {
      states.set(scope, state)
      failures.delete(scope)
      return state
    },
    fail(scope: Scope, failure: WxFailure): 'unavailable' {
      failures.set(scope, failure)
      return 'unavailable'
    },
  }
}

/** wx.getSetting, shared by all scopes that a page reads within the cache time. */
function createSettingCache(wx: ScopesWx, now: () => number) {
  let latest: { at: number; result: Promise<SettingResult> } | null = null
  return {
    read(): Promise<SettingResult> {
      const age = latest === null ? settingCacheTime : now() - latest.at
      // A negative age: the phone's clock was set back.
      if (latest && age >= 0 && age < settingCacheTime) return latest.result
      const call = () => callForSettings((callbacks) => wx.getSetting(callbacks))
      const result = withTimeLimit(call, readTimeout).catch((failure: unknown) => {
        // The time limit's own error has no errMsg.
        const { errMsg, message } = Object(failure)
        throw errMsg ? failure : failureOf(`getSetting:fail ${message}`)
      })
      latest = { at: now(), result }
      return result
    },
    isLatest: (result: Promise<SettingResult>) => latest?.result === result,
    clear() {
      latest = null
    },
  }
}

function scopeStateIn(
  { authSetting }: SettingResult,
  scope: Scope,
): Exclude<ScopeState, 'unavailable'> {
  const granted = authSetting[scope]
  if (granted === undefined) return 'notAsked'
  return granted ? 'granted' : 'refused'
}

/** Has no time-out, because the person may take any time. Rejects with the failure, also when the API does not exist. */
function callWithCallbacks<R>(call: (callbacks: WxCallbacks<R>) => unknown): Promise<R> {
  return new Promise((resolve, reject) => {
    try {
      // Taro and uni-app also return a promise; its rejection must not stay unhandled.
      Promise.resolve(call({ success: resolve, fail: reject })).catch(ignore)
    } catch (error) {
      reject({ errMsg: String(error) })
    }
  })
}

/** Rejects also where the API succeeds without settings. */
async function callForSettings(
  call: (callbacks: WxCallbacks<SettingResult>) => unknown,
): Promise<SettingResult> {
  const result = await callWithCallbacks(call)
  if (!result?.authSetting) throw failureOf('no settings')
  return result
}

/** As WeChat reports it. */
const failureOf = (errMsg: string) => Object.assign(new Error(errMsg), { errMsg })

function ignore(): void {}
