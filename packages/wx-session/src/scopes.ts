import { faultOfFailure, type WxFailure } from './wx-fault.ts'

export type { WxFailure } from './wx-fault.ts'

/**
 * What a person may be asked for
 * (https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/authorize.html).
 * `userLocationBackground` has no popup: it is granted in the settings only. Left out are
 * `userInfo`, which is withdrawn, and `address`, `invoice` and `invoiceTitle`, which are always
 * granted.
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

export type ScopeState = 'granted' | 'refused' | 'notAsked' | 'unavailable'

/**
 * - `granted`
 * - `refused`: no popup will appear again; the next tap may open the settings
 * - `privacyRefused`: the scope was not asked for, because the person does not agree to the
 *   privacy guide; after 10 seconds WeChat asks again
 * - `unavailable`: for the reason in `failure(scope)`
 */
export type ScopeResult = 'granted' | 'refused' | 'privacyRefused' | 'unavailable'

interface SettingReply {
  authSetting: { [scope in Scope]?: boolean }
}

interface Callbacks<R> {
  success(result: R): void
  fail(failure: WxFailure): void
}

/** The part of `wx` that scopes need. */
export interface ScopesWx {
  authorize(options: { scope: string } & Callbacks<unknown>): unknown
  getSetting(options: Callbacks<SettingReply>): unknown
  openSetting(options: Callbacks<SettingReply>): unknown
}

export interface Scopes {
  /** For a page's onShow: what WeChat says, which `ensure` then knows in a tap. */
  state(scope: Scope): Promise<ScopeState>
  /**
   * For a tap. Opens the settings where the scope is known to be refused, and asks otherwise.
   * One tap is one try: `refused` means that the next tap will open the settings.
   */
  ensure(scope: Scope): Promise<ScopeResult>
  /** Shows WeChat's popup where the person was not asked yet; after a refusal `refused` at once. */
  ask(scope: Scope): Promise<ScopeResult>
  /**
   * Opens the settings; where it is known that the person was not asked yet, asks instead, because
   * the settings list only what was asked. Must be called in a tap before any `await`: it calls
   * wx.openSetting before it returns.
   */
  openSettings(scope: Scope): Promise<ScopeResult>
  /** Why the latest try of the scope was `unavailable`; null where it was not. */
  failure(scope: Scope): WxFailure | null
}

export interface ScopesOptions {
  wx: ScopesWx
  /** Milliseconds since 1970. Default Date.now. */
  now?(): number
}

/** Milliseconds. WeChat allows four wx.getSetting a second, and twice as many a day as page views. */
const settingLife = 1000

export function createScopes({ wx, now = Date.now }: ScopesOptions): Scopes {
  const notes = createNotes()
  const setting = createSetting(wx, now)
  const asking = new Map<Scope, Promise<ScopeResult>>()

  const state = (scope: Scope): Promise<ScopeState> => {
    const read = setting.read()
    return read.then(
      (reply): ScopeState => {
        // A reply from before the person's latest answer tells nothing new.
        if (setting.isLatest(read)) return notes.take(scope, stateIn(reply, scope))
        return notes.known(scope) ?? stateIn(reply, scope)
      },
      (failure: WxFailure) => notes.fail(scope, failure),
    )
  }

  const afterRefusal = (scope: Scope, failure: WxFailure): Promise<ScopeResult> | ScopeResult => {
    setting.forget()
    const fault = faultOfFailure(failure)
    if (fault === 'privacyNotAgreed') {
      notes.forgive(scope)
      return 'privacyRefused'
    }
    if (fault === 'scopeRefused') return notes.take(scope, 'refused')
    // The message may be in any language: WeChat's own record decides.
    const record = setting.read().then(
      (reply) => stateIn(reply, scope) === 'refused',
      () => false,
    )
    return record.then((refused) =>
      refused ? notes.take(scope, 'refused') : notes.fail(scope, failure),
    )
  }

  const ask = (scope: Scope): Promise<ScopeResult> => {
    const running = asking.get(scope)
    if (running) return running
    const authorized = callPhone((callbacks) => wx.authorize({ scope, ...callbacks }))
    const result = authorized.then(
      () => {
        setting.forget()
        return notes.take(scope, 'granted')
      },
      (failure: WxFailure) => afterRefusal(scope, failure),
    )
    asking.set(scope, result)
    const clear = () => asking.delete(scope)
    result.then(clear, clear)
    return result
  }

  // No async function, and nothing before the call: the tap must not be lost.
  const openSettings = (scope: Scope): Promise<ScopeResult> => {
    if (notes.known(scope) === 'notAsked') return ask(scope)
    const opened = callPhone<SettingReply>((callbacks) => wx.openSetting(callbacks))
    return opened.then(
      (reply) => {
        setting.forget()
        return notes.take(scope, stateIn(reply, scope)) === 'granted' ? 'granted' : 'refused'
      },
      (failure: WxFailure) => notes.fail(scope, failure),
    )
  }

  return {
    state,
    ask,
    openSettings,
    ensure: (scope) => (notes.known(scope) === 'refused' ? openSettings(scope) : ask(scope)),
    failure: notes.failure,
  }
}

/** What is known of each scope, for a tap that has no time to ask. */
function createNotes() {
  const states = new Map<Scope, ScopeState>()
  const failures = new Map<Scope, WxFailure>()
  return {
    known: (scope: Scope) => states.get(scope),
    failure: (scope: Scope) => failures.get(scope) ?? null,
    forgive: (scope: Scope) => failures.delete(scope),
    take<S extends ScopeState>(scope: Scope, state: S): S {
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

/** wx.getSetting, shared by all scopes that a page asks for at about the same time. */
function createSetting(wx: ScopesWx, now: () => number) {
  let latest: { at: number; reply: Promise<SettingReply> } | null = null
  return {
    read(): Promise<SettingReply> {
      if (latest && now() - latest.at < settingLife) return latest.reply
      const reply = callPhone<SettingReply>((callbacks) => wx.getSetting(callbacks))
      latest = { at: now(), reply }
      return reply
    },
    isLatest: (reply: Promise<SettingReply>) => latest?.reply === reply,
    forget() {
      latest = null
    },
  }
}

function stateIn({ authSetting }: SettingReply, scope: Scope): Exclude<ScopeState, 'unavailable'> {
  const granted = authSetting[scope]
  if (granted === undefined) return 'notAsked'
  return granted ? 'granted' : 'refused'
}

/** Without a watchdog: a person may take their time. Rejects with the failure, also of an API that is absent. */
function callPhone<R>(call: (callbacks: Callbacks<R>) => unknown): Promise<R> {
  return new Promise((resolve, reject) => {
    try {
      const returned = call({ success: resolve, fail: reject }) as { then?: unknown } | undefined
      // Taro and uni-app return a promise too, whose rejection nobody would handle.
      if (typeof returned?.then === 'function') returned.then(ignore, ignore)
    } catch (error) {
      reject({ errMsg: String(error) })
    }
  })
}

function ignore(): void {}
