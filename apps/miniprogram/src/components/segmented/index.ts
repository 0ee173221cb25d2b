Component({
  properties: {
    /** `{ value, label }[]` */
    options: Array,
    value: String,
  },
  methods: {
    choose(event: WechatMiniprogram.TouchEvent) {
      const value: unknown = event.currentTarget.dataset['value']
      if (value !== this.data.value) this.triggerEvent('change', { value })
    },
  },
})
