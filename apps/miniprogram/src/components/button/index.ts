type OpenEvent = WechatMiniprogram.CustomEvent<Record<string, unknown>>

Component({
  properties: {
    text: String,
    /** primary | secondary | quiet | danger */
    kind: { type: String, value: 'primary' },
    loading: Boolean,
    disabled: Boolean,
    /** WeChat's open-type. Its result is the event `opened`, consent to the privacy guide the event `agree`. */
    openType: String,
    /** Id of the button, by which WeChat checks the consent. */
    buttonId: String,
    testid: String,
  },
  methods: {
    press() {
      if (this.data.loading || this.data.disabled) return
      this.triggerEvent('press')
    },
    opened(event: OpenEvent) {
      this.triggerEvent('opened', event.detail)
    },
    agree() {
      this.triggerEvent('agree', { buttonId: this.data.buttonId })
    },
  },
})
