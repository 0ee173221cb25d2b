import type { TabBarConfig } from '../compiled-app.ts'
import { element } from './element.ts'

/** WeChat's tab bar. */
export interface TabBar {
  element: HTMLElement
  /** Marks the tab of `path`; the bar is hidden on pages without a tab. */
  update(path: string, colors: TabBarColors): void
}

/** CSS colours of the tab bar; `borderStyle` is `black` or `white`. */
export interface TabBarColors {
  color: string
  selectedColor: string
  backgroundColor: string
  borderStyle: string
}

export function createTabBar(
  document: Document,
  config: TabBarConfig,
  options: { assetUrl(path: string): string; press(path: string): void },
): TabBar {
  const tabs = config.list.map((item) => {
    const picture = element(document, 'img', { attributes: { alt: '' } })
    const label = element(document, 'span', { children: [item.text] })
    const button = element(document, 'button', {
      attributes: { type: 'button', 'data-path': item.pagePath },
      children: item.iconPath ? [picture, label] : [label],
    })
    button.toggleAttribute('data-plain', !item.iconPath)
    button.addEventListener('click', () => options.press(item.pagePath))
    return { item, button, picture }
  })
  const bar = element(document, 'nav', {
    attributes: { class: 'sim-tabs', 'aria-label': 'Tabs' },
    children: tabs.map(({ button }) => button),
  })

  return {
    element: bar,
    update(path, colors) {
      bar.hidden = !tabs.some(({ item }) => item.pagePath === path)
      bar.style.setProperty('--tab-text', colors.color)
      bar.style.setProperty('--tab-selected', colors.selectedColor)
      bar.style.setProperty('--tab-back', colors.backgroundColor)
      bar.style.setProperty('--tab-line', colors.borderStyle === 'white' ? '#f7f7f7' : '#0003')
      for (const { item, button, picture } of tabs) {
        const isCurrent = item.pagePath === path
        if (isCurrent) button.setAttribute('aria-current', 'page')
        else button.removeAttribute('aria-current')
        const icon = (isCurrent && item.selectedIconPath) || item.iconPath
        if (icon) picture.src = options.assetUrl(icon)
      }
    },
  }
}
