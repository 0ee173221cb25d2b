Component({
  properties: {
    name: String,
    src: String,
  },
  data: { initial: '', failed: false },
  observers: {
    name(name: string) {
      // Array.from, so that a name that begins with an emoji is not cut in half.
      this.setData({ initial: (Array.from(name)[0] ?? '').toUpperCase() })
    },
    src() {
      this.setData({ failed: false })
    },
  },
  methods: {
    fail() {
      this.setData({ failed: true })
    },
  },
})
