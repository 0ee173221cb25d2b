/** A whole view that has nothing to show yet, why, and the one way on. */
Component({
  properties: {
    title: String,
    text: String,
    trace: String,
    /** calm: nothing here yet. bad: something failed. */
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
