type InputEvent = WechatMiniprogram.CustomEvent<{ value: string }>

/** The text stays in the input itself: writing it back while somebody types moves the cursor. */
Component({
  properties: {
    label: String,
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
    blur() {
      this.setData({ focused: false })
    },
    confirm() {
      this.triggerEvent('confirm')
    },
    toggle() {
      this.setData({ shown: !this.data.shown })
    },
  },
})
