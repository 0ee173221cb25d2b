/** A row that opens another page. */
Component({
  properties: {
    label: String,
    value: String,
    /** Address of the page. Without it, the event `press` is emitted. */
    to: String,
    testid: String,
  },
  methods: {
    press() {
      if (this.data.to) wx.navigateTo({ url: this.data.to })
      else this.triggerEvent('press')
    },
  },
})
