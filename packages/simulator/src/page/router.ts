import type { TabBarConfig } from '../compiled-app.ts'
import { type PageUrl, parsePageUrl } from '../paths.ts'
import { type Call, hidePage, type Page, showPage } from './page.ts'

/** WeChat keeps at most ten pages. */
const MAX_PAGES = 10

export interface RouterOptions {
  pages: string[]
  tabBar: TabBarConfig | undefined
  /** Makes a page and runs its onLoad; the router shows it. */
  open(url: PageUrl): Page
  /** Runs onReady once, after the page was shown for the first time. */
  ready(page: Page): void
  /** Runs onUnload and takes the page out of the document. */
  close(page: Page): void
  call: Call
  onChange(): void
}

export interface Router {
  /** From the bottom to the top. */
  stack(): Page[]
  /** The stack, and the tabs that wait beside it. */
  pages(): Page[]
  isTab(path: string): boolean
  navigateTo(url: string): void
  redirectTo(url: string): void
  switchTab(url: string): void
  reLaunch(url: string): void
  navigateBack(delta: number): void
}

/**
 * The stack of pages, with WeChat's rules and words of refusal.
 * Source: https://developers.weixin.qq.com/miniprogram/dev/framework/app-service/route.html
 */
export function createRouter(options: RouterOptions): Router {
  const { pages, call } = options
  const tabPaths = (options.tabBar?.list ?? []).map(({ pagePath }) => pagePath)
  const tabs = new Map<string, Page>()
  let stack: Page[] = []

  const isTab = (path: string): boolean => tabPaths.includes(path)

  const find = (url: string, refuseTabs?: string): PageUrl => {
    const found = parsePageUrl(url, stack.at(-1)?.path ?? '')
    if (!pages.includes(found.path)) throw new Error(`page "${found.path}" is not found`)
    if (refuseTabs && isTab(found.path)) throw new Error(`can not ${refuseTabs} a tabbar page`)
    return found
  }

  const push = (url: PageUrl): void => {
    const page = tabs.get(url.path) ?? options.open(url)
    const isNew = !tabs.has(url.path)
    stack.push(page)
    if (isTab(url.path)) tabs.set(url.path, page)
    options.onChange()
    showPage(page, call)
    if (isNew) options.ready(page)
  }

  const close = (page: Page): void => {
    tabs.delete(page.path)
    page.isVisible = false
    options.close(page)
  }

  const closeFrom = (index: number): void => {
    for (const page of stack.splice(index).reverse()) close(page)
  }

  return {
    stack: () => stack,
    pages: () => [...new Set([...stack, ...tabs.values()])],
    isTab,
    navigateTo(url) {
      const found = find(url, 'navigateTo')
      if (stack.length >= MAX_PAGES) throw new Error('webview count limit exceed')
      const top = stack.at(-1)
      if (top) hidePage(top, call)
      push(found)
    },
    redirectTo(url) {
      const found = find(url, 'redirectTo')
      closeFrom(stack.length - 1)
      push(found)
    },
    switchTab(url) {
      const found = find(url)
      if (!isTab(found.path)) throw new Error('can not switch to no-tabBar page')
      const [bottom] = stack
      if (stack.length === 1 && bottom?.path === found.path) return
      closeFrom(bottom && isTab(bottom.path) ? 1 : 0)
      if (bottom && isTab(bottom.path) && bottom.path !== found.path) hidePage(bottom, call)
      stack = []
      push({ path: found.path, query: {} })
    },
    reLaunch(url) {
      const found = find(url)
      closeFrom(0)
      for (const page of [...tabs.values()]) close(page)
      push(found)
    },
    navigateBack(delta) {
      if (stack.length <= 1) throw new Error('cannot navigate back at first page.')
      closeFrom(Math.max(1, stack.length - Math.max(1, delta)))
      const top = stack.at(-1)
      options.onChange()
      if (top) showPage(top, call)
    },
  }
}
