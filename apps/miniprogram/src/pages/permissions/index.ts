import { createScopes } from '@mianmi/wx-session/scopes'
import { describeFailure, noFailure } from '../../failure/failure.ts'
import { textScale } from '../../session/text-scale.ts'
import {
  type Permission,
  permissionView,
  resultNotes,
  type UsedScope,
  usedScopes,
} from './permission-view.ts'

const scopes = createScopes({ wx })

Page({
  data: {
    scale: textScale,
    view: 'loading' as 'loading' | 'ready',
    permissions: [] as Permission[],
    /** The scope of the running request. */
    asking: '',
    note: '',
    place: '',
    failure: noFailure,
  },

  onLoad() {
    this.show()
  },
  async show() {
    const states = await Promise.all(usedScopes.map((scope) => scopes.state(scope)))
    const permissions = usedScopes.map((scope, index) =>
      permissionView(scope, states[index] ?? 'unavailable'),
    )
    this.setData({ view: 'ready', permissions })
  },

  use(event: WechatMiniprogram.CustomEvent) {
    if (this.data.asking) return
    const scope = event.currentTarget.dataset['scope'] as UsedScope
    const { state } = this.data.permissions.find((one) => one.scope === scope) ?? {}
    if (state === 'granted') this.locate()
    else this.ask(scope)
  },
  async ask(scope: UsedScope) {
    // First, before any await: after a refusal this opens the settings, which must be within the tap.
    const ensured = scopes.ensure(scope)
    this.setData({ asking: scope, note: '', place: '', failure: noFailure })
    const result = await ensured
    const failure = result === 'unavailable' ? describeFailure(scopes.failure(scope)) : noFailure
    await this.show()
    this.setData({ asking: '', note: resultNotes[result], failure })
  },
  locate() {
    this.setData({ asking: 'scope.userLocation', note: '', place: '', failure: noFailure })
    wx.getLocation({
      type: 'gcj02',
      success: ({ latitude, longitude }) =>
        this.setData({ place: `北纬 ${latitude.toFixed(2)}，东经 ${longitude.toFixed(2)}` }),
      fail: (error) => this.setData({ failure: describeFailure(error) }),
      complete: () => this.setData({ asking: '' }),
    })
  },
})
