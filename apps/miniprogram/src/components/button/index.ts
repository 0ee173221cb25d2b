type OpenEvent = WechatMiniprogram.CustomEvent<Record<string, unknown>>

Component({
  properties: {
    text: String,
    /** primary | secondary | quiet | danger */
    kind: { type: String, value: 'primary' },
    loading: Boolean,
    disabled: Boolean,
    /** What WeChat does with a tap: its answer arrives as `opened`, consent to privacy as `agree`. */
    openType: String,
    /** WeChat is told by this which button was tapped to agree. */
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
