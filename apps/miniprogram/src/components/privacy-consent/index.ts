import { privacy } from '../../session/privacy.ts'

/**
 * Asks for consent when an API on the page needs it, and links to the privacy guide. Each page that
 * uses such an API has one; all share one broker.
 */
Component({
  properties: {
    /** The text before the link to the guide; without it there is no link. */
    consent: String,
  },
  data: { isAsking: false },
  lifetimes: {
    attached() {
      this.subscribe()
    },
    detached() {
      this.stop()
    },
  },
  pageLifetimes: {
    // Only the visible page asks; the dialog of a page below it would not be visible.
    show() {
      this.subscribe()
    },
    hide() {
      this.stop()
    },
  },
  methods: {
    unsubscribe: (): void => undefined,
    subscribe() {
      this.stop()
      this.unsubscribe = privacy.subscribe((request) =>
        this.setData({ isAsking: request !== null }),
      )
    },
    stop() {
      this.unsubscribe()
      this.unsubscribe = () => undefined
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
    blockScroll: () => undefined,
  },
})
