import type { AppConfig } from '../compiled-app.ts'
import type { Call, Page } from './page.ts'

/** Tells a page of its scrolling: onPageScroll, and onReachBottom once each time it gets there. */
export function watchScroll(page: Page, config: AppConfig, call: Call): void {
  const { frame } = page
  const distance = page.config.onReachBottomDistance ?? config.window?.onReachBottomDistance ?? 50
  let isAtBottom = false
  frame.addEventListener('scroll', () => {
    if (!page.isVisible) return
    call(page.instance, 'onPageScroll', { scrollTop: frame.scrollTop })
    const left = frame.scrollHeight - frame.clientHeight - frame.scrollTop
    if (left <= distance && !isAtBottom) call(page.instance, 'onReachBottom')
    isAtBottom = left <= distance
  })
}
