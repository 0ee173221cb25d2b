import type { Manifest } from './screen-host.ts'

/** A window section of app.json, or a page's own JSON: only what the simulator draws. */
export interface WindowConfig {
  navigationBarTitleText?: string
  navigationBarBackgroundColor?: string
  navigationBarTextStyle?: string
  navigationStyle?: string
  backgroundColor?: string
  enablePullDownRefresh?: boolean
  onReachBottomDistance?: number
  disableScroll?: boolean
}

export interface TabBarItem {
  pagePath: string
  text: string
  iconPath?: string
  selectedIconPath?: string
}

export interface TabBarConfig {
  color?: string
  selectedColor?: string
  backgroundColor?: string
  borderStyle?: string
  list: TabBarItem[]
}

export interface AppConfig extends Manifest {
  entryPagePath?: string
  window?: WindowConfig
  tabBar?: TabBarConfig
  darkmode?: boolean
  /** `v2` gives buttons and inputs the newer look. */
  style?: string
}

export interface ComponentConfig extends WindowConfig {
  component?: boolean
  usingComponents?: Record<string, string>
  componentGenerics?: Record<string, true | { default?: string }>
  componentPlaceholder?: Record<string, string>
  styleIsolation?: string
  addGlobalClass?: boolean
  pureDataPattern?: string
}

export interface CompiledStyle {
  /** CSS in which `SCOPE_TOKEN` stands before every class name. */
  css: string
  scopeName: string
}

/**
 * A built mini program, ready to run in a browser. Plain JSON: it may be sent over the wire.
 * All paths are relative to the mini program's root, without a leading slash.
 */
export interface CompiledApp {
  config: AppConfig
  /** The variables of theme.json (`@name` in app.json), for each theme. */
  themes: { light: Record<string, string>; dark: Record<string, string> }
  /** Page paths in the order of app.json; the first is the entry page. */
  pages: string[]
  /** JSON configuration of every page and component, by path without suffix. */
  components: Record<string, ComponentConfig>
  /** One expression that evaluates to all template generators by path. */
  templates: string
  /** CommonJS sources by path, with the suffix `.js`. */
  scripts: Record<string, string>
  /** Styles by path without suffix; `app` is the global one. */
  styles: Record<string, CompiledStyle>
  /** Images and fonts as `data:` URLs by path. */
  assets: Record<string, string>
}

/** Stands before class names in compiled CSS until it is known how the component is isolated. */
export const SCOPE_TOKEN = '__scope__'
