import type { Page } from './page.ts'

/** Options of {@link createWxAdditions}. */
export interface WxAdditionsOptions {
  top(): Page | undefined
  startPullDown(): void
}

interface ScrollOptions {
  scrollTop?: number
  selector?: string
  success?: (result: { errMsg: string }) => void
  complete?: (result: { errMsg: string }) => void
}

/** The APIs of `wx` that need the renderer; they are used where `wx` itself does not have them. */
export function createWxAdditions(options: WxAdditionsOptions): Record<string, unknown> {
  return {
    createSelectorQuery: () => options.top()?.instance.createSelectorQuery(),
    pageScrollTo({ scrollTop, selector, success, complete }: ScrollOptions) {
      const page = options.top()
      if (!page) return
      if (selector) {
        const found = page.root.getShadowRoot()?.querySelector(selector)?.$$ as unknown
        ;(found as HTMLElement | undefined)?.scrollIntoView()
      } else if (scrollTop !== undefined) page.frame.scrollTop = scrollTop
      success?.({ errMsg: 'pageScrollTo:ok' })
      complete?.({ errMsg: 'pageScrollTo:ok' })
    },
    startPullDownRefresh: () => options.startPullDown(),
    getMenuButtonBoundingClientRect: () => ({
      width: 87,
      height: 32,
      top: 6,
      right: 368,
      bottom: 38,
      left: 281,
    }),
  }
}
