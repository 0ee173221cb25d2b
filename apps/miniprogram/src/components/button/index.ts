Component({
  properties: {
    text: String,
    /** primary | secondary | quiet | danger */
    kind: { type: String, value: 'primary' },
    loading: Boolean,
    disabled: Boolean,
    testid: String,
  },
  methods: {
    press() {
      if (this.data.loading || this.data.disabled) return
      this.triggerEvent('press')
    },
  },
})
