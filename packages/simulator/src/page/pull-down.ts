import type { AppConfig } from '../compiled-app.ts'
import type { Call, Page } from './page.ts'

/** Pixels that a page must be pulled before it refreshes; also how far it stays open. */
const THRESHOLD = 50

export interface PullDown {
  watch(page: Page, call: Call): void
  start(page: Page, call: Call): void
  stop(): void
}

/** Pull down to refresh: by finger or mouse at the top of a page whose JSON enables it. */
export function createPullDown(viewport: HTMLElement, config: AppConfig): PullDown {
  const dots = viewport.ownerDocument.createElement('div')
  dots.className = 'sim-pull'
  dots.hidden = true
  dots.setAttribute('aria-hidden', 'true')
  dots.innerHTML = '<i></i><i></i><i></i>'
  viewport.append(dots)
  let open: Page | undefined

  const shift = (page: Page, distance: number): void => {
    page.frame.style.marginTop = distance > 0 ? `${distance}px` : ''
  }
  const start = (page: Page, call: Call): void => {
    if (open) return
    open = page
    dots.hidden = false
    shift(page, THRESHOLD)
    call(page.instance, 'onPullDownRefresh')
  }

  return {
    start,
    stop() {
      if (open) shift(open, 0)
      open = undefined
      dots.hidden = true
    },
    watch(page, call) {
      const isEnabled = page.config.enablePullDownRefresh ?? config.window?.enablePullDownRefresh
      if (!isEnabled) return
      let origin: number | undefined
      page.frame.addEventListener('pointerdown', (event) => {
        origin = page.frame.scrollTop <= 0 && !open ? event.clientY : undefined
      })
      page.frame.addEventListener('pointermove', (event) => {
        if (origin === undefined) return
        const pulled = (event.clientY - origin) / 2
        dots.hidden = pulled <= 0
        shift(page, Math.min(pulled, THRESHOLD * 1.6))
        if (pulled > 4) event.preventDefault()
      })
      const release = (event: PointerEvent): void => {
        if (origin === undefined) return
        const pulled = (event.clientY - origin) / 2
        origin = undefined
        shift(page, 0)
        dots.hidden = true
        if (pulled >= THRESHOLD) start(page, call)
      }
      page.frame.addEventListener('pointerup', release)
      page.frame.addEventListener('pointercancel', release)
    },
  }
}
