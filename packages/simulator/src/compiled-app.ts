import type { Manifest } from './screen-host.ts'

/** `window` of app.json, or the JSON of a page: the keys that the simulator uses. */
export interface WindowConfig {
  /** Title of the navigation bar. */
  navigationBarTitleText?: string
  /** A colour, or `@NAME` from theme.json. */
  navigationBarBackgroundColor?: string
  /** `black` or `white`, or `@NAME`. */
  navigationBarTextStyle?: string
  /** `custom` hides the navigation bar. */
  navigationStyle?: string
  /** Colour behind the page, or `@NAME`. */
  backgroundColor?: string
  /** Whether the page can be pulled down to refresh. */
  enablePullDownRefresh?: boolean
  /** Pixels from the bottom at which `onReachBottom` is called; default: 50. */
  onReachBottomDistance?: number
  /** Not used by the simulator. */
  disableScroll?: boolean
}

/** A tab of the tab bar. */
export interface TabBarItem {
  /** The page that the tab opens. */
  pagePath: string
  /** The label. */
  text: string
  /** Path of the icon in the package. */
  iconPath?: string
  /** Path of the icon of the current tab. */
  selectedIconPath?: string
}

/** `tabBar` of app.json. */
export interface TabBarConfig {
  /** Colour of the labels, or `@NAME` from theme.json. */
  color?: string
  /** Colour of the current label, or `@NAME`. */
  selectedColor?: string
  /** Colour of the bar, or `@NAME`. */
  backgroundColor?: string
  /** `black` or `white`, or `@NAME`. */
  borderStyle?: string
  /** The tabs. */
  list: TabBarItem[]
}

/** app.json: the keys that the simulator uses. */
export interface AppConfig extends Manifest {
  /** The first page; default: the first of `pages`. */
  entryPagePath?: string
  /** Defaults of all pages. */
  window?: WindowConfig
  /** The tab bar; absent for none. */
  tabBar?: TabBarConfig
  /** Whether the mini program supports the dark theme. */
  darkmode?: boolean
  /** `v2` selects the newer style of buttons and inputs. */
  style?: string
}

/** The JSON of a page or component. */
export interface ComponentConfig extends WindowConfig {
  /** True for a component. */
  component?: boolean
  /** Tag → absolute path of the component. */
  usingComponents?: Record<string, string>
  /** The generic components and their defaults. */
  componentGenerics?: Record<string, true | { default?: string }>
  /** Not used by the simulator. */
  componentPlaceholder?: Record<string, string>
  /** As in WeChat's component options. */
  styleIsolation?: string
  /** As in WeChat's component options. */
  addGlobalClass?: boolean
  /** As in WeChat's component options. */
  pureDataPattern?: string
}

/** The style sheet of a page or component. */
export interface CompiledStyle {
  /** CSS in which every class name has the prefix `SCOPE_TOKEN`. */
  css: string
  /** Prefix of the component's class names where its styles are isolated. */
  scopeName: string
}

/**
 * A compiled mini program, ready to run in a browser. It is plain JSON and can be sent over HTTP.
 * All paths are relative to the mini program's root, without a leading slash.
 */
export interface CompiledApp {
  /** The keys of app.json that the simulator uses. */
  config: AppConfig
  /** The variables of theme.json (`@name` in app.json), for each theme. */
  themes: { light: Record<string, string>; dark: Record<string, string> }
  /** Page paths in the order of app.json; the first is the entry page. */
  pages: string[]
  /** JSON configuration of every page and component, by path without suffix. */
  components: Record<string, ComponentConfig>
  /** One expression that evaluates to all template generators by path. */
  templates: string
  /**
   * Why a page or component cannot be shown, by path without suffix: file, line and reason. A page cannot be opened
   * where it has a fault, or a component that it uses has one.
   */
  faults: Record<string, string>
  /** CommonJS sources by path, with the suffix `.js`. */
  scripts: Record<string, string>
  /** Styles by path without suffix; `app` is the global one. */
  styles: Record<string, CompiledStyle>
  /** Images and fonts as `data:` URLs by path. */
  assets: Record<string, string>
}

/** Prefix of class names in compiled CSS; replaced at run time, when the style isolation is known. */
export const SCOPE_TOKEN = '__scope__'
