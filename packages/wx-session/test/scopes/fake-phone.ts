import type { Scope, ScopesWx } from '../../src/scopes.ts'
import type { WxFailure } from '../../src/wx-fault.ts'

export type Popup = 'allow' | 'refuse'

/**
 * The part of a phone that asks for scopes, by WeChat's documentation: a popup appears only when the
 * person was not asked before; after a refusal `authorize` fails at once; the settings list only
 * scopes that were asked for; openSetting works only while a tap is handled; after a refusal of
 * the privacy guide, calls that need consent fail for ten seconds without a question.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/authorize.html
 */
export class FakePhone {
  readonly answers: Map<Scope, boolean> = new Map()
  /** The person's answer to the next popup. */
  popup: Popup = 'allow'
  /** The switches that the person changes on the settings page, if it lists them. */
  switches: Partial<Record<Scope, boolean>> = {}
  /** The person's answer to the privacy guide; null: has agreed before. */
  privacy: 'agree' | 'refuse' | null = null
  /** Failure of the next wx.authorize. */
  nextFailure: WxFailure | null = null
  time = 0
  readonly counts = { popups: 0, privacyPopups: 0, settings: 0, getSetting: 0, authorize: 0 }
  listed: Scope[] = []
  private inTap = false
  private quietUntil = 0

  readonly wx: ScopesWx = {
    authorize: ({ scope, success, fail }) => {
      this.counts.authorize += 1
      queueMicrotask(() => {
        const failure = this.nextFailure ?? this.privacyFailure() ?? this.refusal(scope as Scope)
        this.nextFailure = null
        if (failure) fail(failure)
        else success({ errMsg: 'authorize:ok' })
      })
    },
    getSetting: ({ success }) => {
      this.counts.getSetting += 1
      // The result is the state at the time of the call.
      const authSetting = this.setting()
      queueMicrotask(() => success({ authSetting }))
    },
    openSetting: ({ success, fail }) => {
      if (!this.inTap) {
        fail({ errMsg: 'openSetting:fail can only be invoked by user TAP gesture.' })
        return
      }
      this.counts.settings += 1
      this.listed = [...this.answers.keys()]
      for (const scope of this.listed) {
        this.answers.set(scope, this.switches[scope] ?? this.answers.get(scope) ?? false)
      }
      queueMicrotask(() => success({ authSetting: this.setting() }))
    },
  }

  /** A tap: what the handler calls before its first `await` is within the tap. */
  tap<T>(handler: () => T): T {
    this.inTap = true
    try {
      return handler()
    } finally {
      this.inTap = false
    }
  }

  private setting(): Partial<Record<Scope, boolean>> {
    return Object.fromEntries(this.answers)
  }

  private refusal(scope: Scope): WxFailure | null {
    if (!this.answers.has(scope)) {
      // The background location has no popup; asking only adds it to the settings.
      const silent = scope === 'scope.userLocationBackground'
      if (!silent) this.counts.popups += 1
      this.answers.set(scope, !silent && this.popup === 'allow')
    }
    return this.answers.get(scope) ? null : { errMsg: 'authorize:fail auth deny' }
  }

  private privacyFailure(): WxFailure | null {
    if (this.privacy === null) return null
    const failure = { errMsg: 'authorize:fail privacy permission is not authorized', errno: 104 }
    if (this.time < this.quietUntil) return failure
    this.counts.privacyPopups += 1
    if (this.privacy === 'refuse') {
      this.quietUntil = this.time + 10_000
      return failure
    }
    this.privacy = null
    return null
  }
}
