import type { AppConfig } from '../compiled-app.ts'
import type { CallMethod, Page } from './page.ts'

/** Runs onPageScroll while a page scrolls, and onReachBottom once each time it reaches the bottom. */
export function watchScroll(page: Page, config: AppConfig, callMethod: CallMethod): void {
  const { frame } = page
  const distance = page.config.onReachBottomDistance ?? config.window?.onReachBottomDistance ?? 50
  let isAtBottom = false
  frame.addEventListener('scroll', () => {
    if (!page.isVisible) return
    callMethod(page.instance, 'onPageScroll', { scrollTop: frame.scrollTop })
    const left = frame.scrollHeight - frame.clientHeight - frame.scrollTop
    if (left <= distance && !isAtBottom) callMethod(page.instance, 'onReachBottom')
    isAtBottom = left <= distance
  })
}
