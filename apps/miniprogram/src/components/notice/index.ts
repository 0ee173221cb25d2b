/** Fills a page without content: the reason, and one action. */
Component({
  properties: {
    title: String,
    text: String,
    trace: String,
    /** calm: no content yet. bad: a failure. */
    tone: { type: String, value: 'calm' },
    action: String,
    loading: Boolean,
    testid: String,
  },
  methods: {
    press() {
      this.triggerEvent('action')
    },
  },
})
