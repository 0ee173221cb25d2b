import type { TabBarConfig } from '../compiled-app.ts'
import { type PageUrl, parsePageUrl } from '../paths.ts'
import type { Page } from './page.ts'
import { createPageStack, type PageStackOptions } from './page-stack.ts'

/** WeChat keeps at most ten pages. */
const MAX_PAGES = 10

/** Options of {@link createRouter}. */
export interface RouterOptions extends Omit<PageStackOptions, 'isTab'> {
  pages: string[]
  tabBar: TabBarConfig | undefined
  /** Runs the script of a page that is to be opened. @throws where it has a fault; no page is closed or hidden then */
  prepare(path: string): void
}

/** Navigation; a refused navigation throws WeChat's message. */
export interface Router {
  /** From the bottom to the top. */
  stack(): Page[]
  /** The stack, and the open pages of other tabs. */
  pages(): Page[]
  navigateTo(url: string): void
  redirectTo(url: string): void
  switchTab(url: string): void
  reLaunch(url: string): void
  navigateBack(delta: number): void
}

/**
 * Navigation with WeChat's rules and error messages.
 * Source: https://developers.weixin.qq.com/miniprogram/dev/framework/app-service/route.html
 */
export function createRouter({ pages, tabBar, prepare, ...rest }: RouterOptions): Router {
  const tabPaths = (tabBar?.list ?? []).map(({ pagePath }) => pagePath)
  const isTab = (path: string): boolean => tabPaths.includes(path)
  const stack = createPageStack({ ...rest, isTab })

  const find = (url: string, refuseTabs?: string): PageUrl => {
    const found = parsePageUrl(url, stack.pages().at(-1)?.path ?? '')
    if (!pages.includes(found.path)) throw new Error(`page "${found.path}" is not found`)
    if (refuseTabs && isTab(found.path)) throw new Error(`can not ${refuseTabs} a tabbar page`)
    prepare(found.path)
    return found
  }

  return {
    stack: stack.pages,
    pages: () => [...new Set([...stack.pages(), ...stack.tabs()])],
    navigateTo(url) {
      const found = find(url, 'navigateTo')
      if (stack.pages().length >= MAX_PAGES) throw new Error('webview count limit exceed')
      stack.hideTop()
      try {
        stack.push(found)
      } catch (error) {
        // The page could not be drawn, and is not on the stack.
        stack.showTop()
        throw error
      }
    },
    redirectTo(url) {
      const found = find(url, 'redirectTo')
      stack.closeFrom(stack.pages().length - 1)
      stack.push(found)
    },
    switchTab(url) {
      const { path } = find(url)
      if (!isTab(path)) throw new Error('can not switch to no-tabBar page')
      const [bottom] = stack.pages()
      if (stack.pages().length === 1 && bottom?.path === path) return
      // The page of a tab is at the bottom of the stack, if it is there at all; pages above it close.
      stack.closeFrom(bottom && isTab(bottom.path) ? 1 : 0)
      if (bottom?.path !== path) stack.hideTop()
      stack.detachAll()
      stack.push({ path, query: {} })
    },
    reLaunch(url) {
      const found = find(url)
      stack.closeFrom(0)
      stack.closeTabs()
      stack.push(found)
    },
    navigateBack(delta) {
      const { length } = stack.pages()
      if (length <= 1) throw new Error('cannot navigate back at first page.')
      stack.closeFrom(Math.max(1, length - Math.max(1, delta)))
      stack.showTop()
    },
  }
}
