import { privacy } from '../../session/privacy.ts'

/**
 * Asks for consent when something on the page needs it, and leads to the guide at all times. One on
 * every page that uses what WeChat counts as private; all share one broker.
 */
Component({
  properties: {
    /** Put before the link to the guide; no line is drawn without it. */
    consent: String,
  },
  data: { isAsking: false },
  lifetimes: {
    attached() {
      this.watch()
    },
    detached() {
      this.leave()
    },
  },
  pageLifetimes: {
    // Only the page on top asks: a page below it would ask out of sight.
    show() {
      this.watch()
    },
    hide() {
      this.leave()
    },
  },
  methods: {
    stop: (): void => undefined,
    watch() {
      this.stop()
      this.stop = privacy.subscribe((request) => this.setData({ isAsking: request !== null }))
    },
    leave() {
      this.stop()
      this.stop = () => undefined
    },
    openGuide() {
      wx.openPrivacyContract({
        fail: () => wx.showToast({ title: '暂时打不开，请稍后再试', icon: 'none' }),
      })
    },
    agree(event: WechatMiniprogram.CustomEvent<{ buttonId: string }>) {
      privacy.agree(event.detail.buttonId)
    },
    refuse() {
      privacy.refuse()
    },
    hold: () => undefined,
  },
})
