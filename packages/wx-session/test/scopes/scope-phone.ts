import type { Scope, ScopesWx } from '../../src/scopes.ts'
import type { WxFailure } from '../../src/wx-fault.ts'

export type Popup = 'allow' | 'refuse'

/**
 * The part of a phone that asks for scopes, written from wechat-facts.md: a popup only where the
 * person was not asked; after a refusal `authorize` fails at once; the settings list only what
 * was asked; openSetting works only while a tap is being handled; after a refusal of the privacy
 * guide everything that needs it fails for ten seconds without asking.
 */
export class ScopePhone {
  readonly answers: Map<Scope, boolean> = new Map()
  /** What the person does with the next popup. */
  popup: Popup = 'allow'
  /** What the person switches on the settings page, among what it lists. */
  switches: Partial<Record<Scope, boolean>> = {}
  /** What the person says to the privacy guide; null: agreed already. */
  privacy: 'agree' | 'refuse' | null = null
  /** Fails the next wx.authorize in a way of its own. */
  trouble: WxFailure | null = null
  time = 0
  readonly counts = { popups: 0, privacyPopups: 0, settings: 0, getSetting: 0, authorize: 0 }
  listed: Scope[] = []
  private inTap = false
  private quietUntil = 0

  readonly wx: ScopesWx = {
    authorize: ({ scope, success, fail }) => {
      this.counts.authorize += 1
      queueMicrotask(() => {
        const failure = this.trouble ?? this.privacyFailure() ?? this.refusal(scope as Scope)
        this.trouble = null
        if (failure) fail(failure)
        else success({ errMsg: 'authorize:ok' })
      })
    },
    getSetting: ({ success }) => {
      this.counts.getSetting += 1
      // The phone answers as things stood when it was asked.
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

  /** The person taps: what the handler calls before its first await happens in the tap. */
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
      // Background use of the location has no popup; asking only lists it in the settings.
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
