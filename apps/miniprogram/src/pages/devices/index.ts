import { describeFailure, noFailure } from '../../failure/failure.ts'
import { type Guard, guardedData, guardPage } from '../../session/guarded-page.ts'
import { appId } from '../../session/service.ts'
import { api } from '../../session/session.ts'
import { textScale } from '../../session/text-scale.ts'
import { type DeviceView, deviceView } from './device-view.ts'

Page({
  data: {
    ...guardedData,
    scale: textScale,
    devices: [] as DeviceView[],
    /** Id of the session that is being ended; `others` for all but this one. */
    ending: '',
  },
  guard: null as Guard | null,

  onLoad() {
    this.guard = guardPage(this, async () => {
      const { sessions } = await api.session.list.query()
      const devices = sessions.map((one) => deviceView(one, appId))
      return { devices: devices.sort((a, b) => Number(b.current) - Number(a.current)) }
    })
  },
  onShow() {
    this.guard?.shown()
  },
  onUnload() {
    this.guard?.stop()
  },
  async onPullDownRefresh() {
    await this.guard?.refresh()
    wx.stopPullDownRefresh()
  },
  retry() {
    this.guard?.retry()
  },

  async end(event: WechatMiniprogram.CustomEvent) {
    const sessionId = String(event.currentTarget.dataset['id'])
    const name = String(event.currentTarget.dataset['name'])
    await this.confirmAndEnd(sessionId, {
      content: `“${name}”上的登录会结束。那里如果是微信，再次打开仍会自动登录。`,
      send: () => api.session.revoke.mutate({ sessionId }),
    })
  },
  async endOthers() {
    await this.confirmAndEnd('others', {
      content: '除了这台设备，其他登录都会结束。',
      send: () => api.session.revokeOthers.mutate(),
    })
  },
  async confirmAndEnd(ending: string, request: { content: string; send: () => Promise<unknown> }) {
    if (this.data.ending) return
    const { content, send } = request
    const { confirm } = await wx.showModal({ title: '结束登录', content, confirmText: '结束' })
    if (!confirm) return
    this.setData({ ending, failure: noFailure })
    try {
      await send()
      wx.showToast({ title: '已结束', icon: 'success' })
    } catch (error) {
      this.setData({ failure: describeFailure(error) })
    }
    await this.guard?.refresh()
    this.setData({ ending: '' })
  },
})
