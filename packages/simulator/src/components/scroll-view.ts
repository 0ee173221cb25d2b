import type { BuiltIn } from './built-in.ts'

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/scroll-view.html */
export const scrollView: BuiltIn = {
  tag: 'scroll-view',
  properties: {
    scrollX: false,
    scrollY: false,
    scrollTop: 0,
    scrollLeft: 0,
    scrollIntoView: '',
    lowerThreshold: 50,
    upperThreshold: 50,
  },
  mount(host) {
    const { element } = host
    const last = { top: 0, left: 0, into: '', isLow: false, isHigh: true }

    element.addEventListener('scroll', () => {
      const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight } = element
      host.emit('scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth })
      const isLow = scrollHeight - clientHeight - scrollTop <= Number(host.data['lowerThreshold'])
      const isHigh = scrollTop <= Number(host.data['upperThreshold'])
      if (isLow && !last.isLow) host.emit('scrolltolower', { direction: 'bottom' })
      if (isHigh && !last.isHigh) host.emit('scrolltoupper', { direction: 'top' })
      Object.assign(last, { isLow, isHigh })
    })

    return {
      sync() {
        const { scrollX, scrollY, scrollTop, scrollLeft, scrollIntoView } = host.data
        element.toggleAttribute('scroll-x', Boolean(scrollX))
        element.toggleAttribute('scroll-y', Boolean(scrollY))
        if (scrollTop !== last.top) element.scrollTop = Number(scrollTop)
        if (scrollLeft !== last.left) element.scrollLeft = Number(scrollLeft)
        const into = String(scrollIntoView)
        if (into && into !== last.into) {
          const found = [...element.querySelectorAll('[id]')].find(({ id }) => id === into)
          found?.scrollIntoView({ block: 'start' })
        }
        Object.assign(last, { top: scrollTop, left: scrollLeft, into })
      },
    }
  },
}
