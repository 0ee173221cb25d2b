import type { GeneralComponent } from 'glass-easel'
import type { component } from 'glass-easel-miniprogram-adapter'
import type { ComponentConfig } from '../compiled-app.ts'
import { giveFirstFocus } from './first-focus.ts'

/** `this` in the code of a page. */
export type PageInstance = component.GeneralComponent & Record<string, unknown>

/** An open page. */
export interface Page {
  path: string
  query: Record<string, string>
  config: ComponentConfig
  title: string
  instance: PageInstance
  root: GeneralComponent
  /** The element `wx-page`. */
  host: HTMLElement
  /** The scroll container of the page; hidden while another page is on top. */
  frame: HTMLElement
  isVisible: boolean
  /** Whether onReady ran. */
  isReady: boolean
  scrollTop: number
}

/** Calls a method of a page or of the app where it exists, and reports its errors. */
export type CallMethod = (target: object, method: string, ...args: unknown[]) => unknown

/** Shows a page: pageLifetimes.show, then onShow, then the focus that a control wants. */
export function showPage(page: Page, callMethod: CallMethod): void {
  if (page.isVisible) return
  page.isVisible = true
  page.frame.hidden = false
  page.frame.scrollTop = page.scrollTop
  page.root.triggerPageLifetime('show', [])
  callMethod(page.instance, 'onShow')
  giveFirstFocus(page.frame)
}

/** Hides a page: pageLifetimes.hide, then onHide. */
export function hidePage(page: Page, callMethod: CallMethod): void {
  if (!page.isVisible) return
  page.isVisible = false
  page.scrollTop = page.frame.scrollTop
  page.frame.hidden = true
  page.root.triggerPageLifetime('hide', [])
  callMethod(page.instance, 'onHide')
}
