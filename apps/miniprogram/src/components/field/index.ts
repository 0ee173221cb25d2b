import type { NicknameReviewResult } from '../../account/nickname-review.ts'

type InputEvent = WechatMiniprogram.CustomEvent<{ value: string }>

/** The input keeps its text itself: writing it back while the person types moves the cursor. */
Component({
  properties: {
    label: String,
    /** The initial text. */
    value: String,
    /** With `nickname` WeChat's keyboard suggests the person's nickname. */
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
      this.triggerEvent('focus')
    },
    // On some phones a nickname chosen from the keyboard arrives only with the blur event.
    blur(event: InputEvent) {
      this.setData({ focused: false })
      this.triggerEvent('change', { value: event.detail.value })
      this.triggerEvent('blur', { value: event.detail.value })
    },
    /** WeChat has reviewed the nickname; it removes a refused one. */
    review(event: WechatMiniprogram.CustomEvent<NicknameReviewResult>) {
      this.triggerEvent('review', event.detail)
    },
    confirm() {
      this.triggerEvent('confirm')
    },
    toggle() {
      this.setData({ shown: !this.data.shown })
    },
  },
})
