type InputEvent = WechatMiniprogram.CustomEvent<{ value: string }>

/** The text stays in the input itself: writing it back while somebody types moves the cursor. */
Component({
  properties: {
    label: String,
    /** What stands in it at first. */
    value: String,
    /** `nickname` lets WeChat's keyboard offer the person's own. */
    type: { type: String, value: 'text' },
    placeholder: String,
    hint: String,
    error: String,
    secret: Boolean,
    maxlength: { type: Number, value: 64 },
    testid: String,
  },
  data: { shown: false, focused: false },
  methods: {
    input(event: InputEvent) {
      this.triggerEvent('change', { value: event.detail.value })
    },
    focus() {
      this.setData({ focused: true })
    },
    // A nickname chosen from the keyboard arrives with the blur only, on some phones.
    blur(event: InputEvent) {
      this.setData({ focused: false })
      this.triggerEvent('change', { value: event.detail.value })
    },
    confirm() {
      this.triggerEvent('confirm')
    },
    toggle() {
      this.setData({ shown: !this.data.shown })
    },
  },
})
