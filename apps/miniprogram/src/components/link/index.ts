/** A row that leads to another page. */
Component({
  properties: {
    label: String,
    value: String,
    /** Where it leads; the page may take the press instead. */
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
