import type { GeneralComponent } from 'glass-easel'
import type { component } from 'glass-easel-miniprogram-adapter'
import type { ComponentConfig } from '../compiled-app.ts'

/** What a page's own code has as `this`. */
export type PageInstance = component.GeneralComponent & Record<string, unknown>

export interface Page {
  path: string
  query: Record<string, string>
  config: ComponentConfig
  title: string
  instance: PageInstance
  root: GeneralComponent
  /** The element `wx-page`. */
  host: HTMLElement
  /** Scrolls the page, and is hidden while another page is on top. */
  frame: HTMLElement
  isVisible: boolean
  /** Whether onReady ran. */
  isReady: boolean
  scrollTop: number
}

/** Calls a method of a page or of the app, if there is one, and looks after its errors. */
export type CallMethod = (target: object, method: string, ...args: unknown[]) => unknown

/** Brings a page to the front: pageLifetimes.show, then onShow. */
export function showPage(page: Page, callMethod: CallMethod): void {
  if (page.isVisible) return
  page.isVisible = true
  page.frame.hidden = false
  page.frame.scrollTop = page.scrollTop
  page.root.triggerPageLifetime('show', [])
  callMethod(page.instance, 'onShow')
}

export function hidePage(page: Page, callMethod: CallMethod): void {
  if (!page.isVisible) return
  page.isVisible = false
  page.scrollTop = page.frame.scrollTop
  page.frame.hidden = true
  page.root.triggerPageLifetime('hide', [])
  callMethod(page.instance, 'onHide')
}
