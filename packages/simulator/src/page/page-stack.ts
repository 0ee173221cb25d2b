import type { PageUrl } from '../paths.ts'
import { type CallMethod, hidePage, type Page, showPage } from './page.ts'

/** Options of {@link createPageStack}. */
export interface PageStackOptions {
  isTab(path: string): boolean
  /** Creates a page, hidden and not loaded. */
  open(url: PageUrl): Page
  /** Runs onLoad; the page is on top of the stack by then. */
  load(page: Page): void
  /** Runs onReady, after the page was shown for the first time. */
  ready(page: Page): void
  /** Runs onUnload and removes the page from the document. */
  close(page: Page): void
  callMethod: CallMethod
  /** Called when another page is on top. */
  onChange(): void
}

/** The open pages. */
export interface PageStack {
  /** From the bottom to the top. */
  pages(): Page[]
  /** The pages of tabs, which stay open while another tab is shown. */
  tabs(): Page[]
  /** Opens a page on top, or shows the open page of a tab again. */
  push(url: PageUrl): void
  /** Closes the pages from `index` on, the topmost first. */
  closeFrom(index: number): void
  /** Closes the pages of all tabs. */
  closeTabs(): void
  /** Runs onHide of the page on top. */
  hideTop(): void
  /** Shows the page that is on top after others were closed. */
  showTop(): void
  /** Empties the stack without closing pages, so that the pages of tabs stay open. */
  detachAll(): void
}

/** Creates an empty page stack. */
export function createPageStack(options: PageStackOptions): PageStack {
  const { callMethod } = options
  const tabs = new Map<string, Page>()
  let stack: Page[] = []

  // Each step may navigate away. A page that is no longer on top is neither shown nor made ready.
  const present = (page: Page): void => {
    if (stack.at(-1) === page) showPage(page, callMethod)
    if (stack.at(-1) !== page || page.isReady) return
    page.isReady = true
    options.ready(page)
  }
  const close = (page: Page): void => {
    tabs.delete(page.path)
    page.isVisible = false
    options.close(page)
  }

  return {
    pages: () => stack,
    tabs: () => [...tabs.values()],
    push(url) {
      const openTab = tabs.get(url.path)
      const page = openTab ?? options.open(url)
      stack.push(page)
      if (options.isTab(url.path)) tabs.set(url.path, page)
      options.onChange()
      if (!openTab) options.load(page)
      present(page)
    },
    closeFrom(index) {
      for (const page of stack.splice(index).reverse()) close(page)
    },
    closeTabs() {
      for (const page of [...tabs.values()]) close(page)
    },
    hideTop() {
      const top = stack.at(-1)
      if (top) hidePage(top, callMethod)
    },
    showTop() {
      options.onChange()
      const top = stack.at(-1)
      if (top) present(top)
    },
    detachAll() {
      stack = []
    },
  }
}
