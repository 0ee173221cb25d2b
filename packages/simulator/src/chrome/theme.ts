import type { CompiledApp, WindowConfig } from '../compiled-app.ts'
import type { Theme } from '../screen-host.ts'
import type { NavigationBarState } from './navigation-bar.ts'
import type { TabBarColors } from './tab-bar.ts'

// WeChat's defaults of app.json: https://developers.weixin.qq.com/miniprogram/dev/reference/configuration/app.html
const BAR_DEFAULTS = {
  light: { back: '#000000', text: 'white', page: '#ffffff' },
  dark: { back: '#191919', text: 'white', page: '#191919' },
}

/** The theme of the pages: a mini program without `darkmode` is always light. */
export const effectiveTheme = (app: CompiledApp, theme: Theme): Theme =>
  app.config.darkmode ? theme : 'light'

/** Resolves `@name` from theme.json. */
function resolve(app: CompiledApp, theme: Theme, value: string | undefined, fallback: string) {
  if (!value) return fallback
  return value.startsWith('@') ? (app.themes[theme][value.slice(1)] ?? fallback) : value
}

/** The colours of the navigation bar and of the background behind the page. */
export function navigationColors(
  app: CompiledApp,
  theme: Theme,
  page: WindowConfig,
): Pick<NavigationBarState, 'background' | 'textStyle'> & { page: string } {
  const window = { ...app.config.window, ...page }
  const defaults = BAR_DEFAULTS[theme]
  return {
    background: resolve(app, theme, window.navigationBarBackgroundColor, defaults.back),
    textStyle: resolve(app, theme, window.navigationBarTextStyle, defaults.text),
    page: resolve(app, theme, window.backgroundColor, defaults.page),
  }
}

/** The colours of the tab bar. */
export function tabBarColors(app: CompiledApp, theme: Theme): TabBarColors {
  const tabBar = app.config.tabBar
  const isDark = theme === 'dark'
  return {
    color: resolve(app, theme, tabBar?.color, isDark ? '#ffffff80' : '#7a7e83'),
    selectedColor: resolve(app, theme, tabBar?.selectedColor, '#3cc51f'),
    backgroundColor: resolve(app, theme, tabBar?.backgroundColor, isDark ? '#191919' : '#ffffff'),
    borderStyle: resolve(app, theme, tabBar?.borderStyle, 'black'),
  }
}
