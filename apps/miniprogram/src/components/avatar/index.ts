Component({
  properties: {
    name: String,
    src: String,
  },
  data: { initial: '', failed: false },
  observers: {
    name(name: string) {
      // Array.from keeps an emoji at the beginning of a name whole.
      this.setData({ initial: (Array.from(name)[0] ?? '').toUpperCase() })
    },
    src() {
      this.setData({ failed: false })
    },
  },
  methods: {
    showInitial() {
      this.setData({ failed: true })
    },
  },
})
