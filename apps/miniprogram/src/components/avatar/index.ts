import { onNetworkBack } from '../../session/network-retry.ts'

/** Digits (those of emoji, too) and signs before the first letter: many numbers begin with the same one. */
const signs = /^(?:[\d\s+*._@()\-\uff0b\uff10-\uff19]\ufe0f?\u20e3?)+/

Component({
  properties: {
    name: String,
    src: String,
  },
  data: { initial: '', failed: false },
  observers: {
    name(name: string) {
      // Array.from keeps an emoji at the beginning of a name whole.
      const [initial = ''] = Array.from(name.replace(signs, ''))
      this.setData({ initial: initial.toUpperCase() })
    },
    src() {
      this.setData({ failed: false })
    },
  },
  lifetimes: {
    attached() {
      this.stop = onNetworkBack(() => this.load())
    },
    detached() {
      this.stop()
    },
  },
  pageLifetimes: {
    show() {
      this.load()
    },
  },
  methods: {
    stop: (): void => undefined,
    showInitial() {
      this.setData({ failed: true })
    },
    load() {
      if (this.data.failed) this.setData({ failed: false })
    },
  },
})
