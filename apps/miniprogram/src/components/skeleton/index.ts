/** A grey placeholder while the content loads. */
Component({
  properties: {
    rows: { type: Number, value: 3 },
    avatar: Boolean,
  },
  data: { lines: [] as number[] },
  observers: {
    rows(rows: number) {
      this.setData({ lines: Array.from({ length: rows }, (_, line) => line) })
    },
  },
})
