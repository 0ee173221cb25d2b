import type { CompiledApp } from '../compiled-app.ts'
import type { Page } from '../page/page.ts'
import type { Theme } from '../screen-host.ts'
import { CHROME_STYLE } from './chrome-style.ts'
import { DIALOG_STYLE } from './dialog/dialog-style.ts'
import { createDialogs, type Dialogs } from './dialog/dialogs.ts'
import { element } from './element.ts'
import { createNavigationBar } from './navigation-bar.ts'
import { createTabBar } from './tab-bar.ts'
import { effectiveTheme, navigationColors, tabBarColors } from './theme.ts'
import { createToastLayer, type ToastLayer } from './toast.ts'

/** The drawn phone. */
export interface Phone {
  element: HTMLElement
  /** The container of the viewport, between the bars. */
  viewportSlot: HTMLElement
  toast: ToastLayer
  dialogs: Dialogs
  update(state: PhoneState): void
}

/** What the bars depend on. */
export interface PhoneState {
  page: Page | undefined
  /** Number of pages on the stack. */
  depth: number
  theme: Theme
}

/** Options of {@link createPhone}. */
export interface PhoneOptions {
  app: CompiledApp
  container: HTMLElement
  /** The mini program's name in dialogs. */
  name: string
  goBack(): void
  goHome(): void
  goTab(path: string): void
}

/** Draws the parts of the screen that belong to WeChat and not to the mini program. */
export function createPhone(options: PhoneOptions): Phone {
  const { app, container } = options
  const document = container.ownerDocument
  const bar = createNavigationBar(document, (button) =>
    button === 'back' ? options.goBack() : options.goHome(),
  )
  const viewportSlot = element(document, 'div', { attributes: { class: 'sim-viewport-slot' } })
  const tabBar = app.config.tabBar
  const tabs = tabBar
    ? createTabBar(document, tabBar, {
        assetUrl: (path) => app.assets[path.replace(/^\//, '')] ?? path,
        press: options.goTab,
      })
    : undefined
  const phone = element(document, 'div', {
    attributes: { class: 'sim-phone' },
    children: [
      element(document, 'style', { children: [CHROME_STYLE + DIALOG_STYLE] }),
      bar.element,
      viewportSlot,
      ...(tabs ? [tabs.element] : []),
    ],
  })
  container.append(phone)
  const first = app.config.entryPagePath ?? app.pages[0]

  return {
    element: phone,
    viewportSlot,
    toast: createToastLayer(phone),
    dialogs: createDialogs(phone, options.name),
    update({ page, depth, theme }) {
      const shown = effectiveTheme(app, theme)
      phone.dataset['theme'] = theme
      tabs?.update(page?.path ?? '', tabBarColors(app, shown))
      const isHome = !page || page.path === first || tabs?.element.hidden === false
      const colors = navigationColors(app, shown, page?.config ?? {})
      const style = page?.config.navigationStyle ?? app.config.window?.navigationStyle
      bar.update({
        ...colors,
        title: page?.title ?? app.config.window?.navigationBarTitleText ?? '',
        button: depth > 1 ? 'back' : isHome ? 'none' : 'home',
        isCustom: style === 'custom',
      })
      viewportSlot.style.background = colors.page
    },
  }
}
