import { type CompressImage, createHeadlessFiles, type HeadlessFiles } from './headless-files.ts'
import type { Manifest, Modal, ScreenHost, SettingItem, Toast, WxCallbacks } from './screen-host.ts'

/** A page on the stack. */
export interface HeadlessPage {
  /** Without a leading slash. */
  path: string
  /** The decoded query. */
  query: Record<string, string>
  /** Set by `wx.setNavigationBarTitle`; empty at first. */
  title: string
}

/** Options of {@link createHeadlessScreen}. */
export interface HeadlessScreenOptions {
  /** The first page; default: `pages/index/index`. */
  start?: string
  /** All pages of the mini program; default: every path is a page. */
  pages?: readonly string[]
  /** The pages of the tab bar. */
  tabs?: readonly string[]
  /** The part of app.json that WeChat checks; without it nothing is checked. */
  manifest?: Manifest
  /** Implements `wx.compressImage`; without it the API fails. */
  compressImage?: CompressImage
}

/** A screen host for tests: it records what would be shown and returns prepared answers. */
export interface HeadlessScreen extends Omit<ScreenHost, keyof HeadlessFiles>, HeadlessFiles {
  /** The page stack, the page on top last. */
  readonly pages: readonly HeadlessPage[]
  /** Every toast so far. A toast is removed by `hideToast` only, not by time. */
  readonly toasts: readonly Toast[]
  /** The toast that is visible now. */
  readonly toast: Toast | undefined
  /** Every modal so far. */
  readonly modals: readonly Modal[]
  /** The items of every action sheet so far. */
  readonly actionSheets: readonly string[][]
  /** How often `wx.stopPullDownRefresh` was called. */
  readonly pullDownStops: number
  /** Every permission popup so far. */
  readonly scopeDialogs: readonly ScopeDialog[]
  /** The items of the settings page at each visit. */
  readonly settings: readonly SettingItem[][]
  /** Prepares answers for the next modals; the default is to confirm. */
  answerModals(...confirmed: boolean[]): void
  /** Prepares answers for the next action sheets; the default is the first item, -1 cancels. */
  answerActionSheets(...indexes: number[]): void
  /** Prepares answers for the next permission popups; the default is to allow. */
  answerScopeDialogs(...allowed: boolean[]): void
  /** Prepares changes for the next visits to the settings page; the default is no change. */
  changeSettings(...turned: Record<string, boolean>[]): void
  /** Runs `handler` as a tap: `isTapping` is true while it runs synchronously. */
  tap<T>(handler: () => T): T
  /** The app goes to the background. */
  hide(): void
  /** The app returns to the foreground. */
  show(): void
  /** Taps a button with `open-type="agreePrivacyAuthorization"`. */
  tapAgree(buttonId: string): void
  /** Uses a component that needs privacy consent, such as `button.getPhoneNumber`. */
  useComponent(component: string): Promise<void>
}

/** A permission popup. */
export interface ScopeDialog {
  /** What is requested. */
  title: string
  /** The mini program's reason, from app.json. */
  detail: string
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/route/wx.navigateTo.html */
const maxPages = 10

/**
 * Creates a screen host without a display: it keeps the page stack, records dialogs and toasts, and
 * returns the answers that a test has prepared.
 *
 * @example
 * const screen = createHeadlessScreen()
 * const wx = createWx({ appId, user: 'ann', sandboxUrl, screen })
 * screen.answerModals(false)
 * expect(await wx.showModal({ content: 'Sure?' })).toMatchObject({ confirm: false })
 */
export function createHeadlessScreen(options: HeadlessScreenOptions = {}): HeadlessScreen {
  const tabs = (options.tabs ?? []).map(absolute)
  const known = options.pages?.map(absolute)
  const pages: HeadlessPage[] = [pageOf(options.start ?? 'pages/index/index', '')]
  const shown = createDialogs()
  const hostEvents = createHostEvents()

  function open(url: string): HeadlessPage {
    const page = pageOf(url, pages.at(-1)?.path ?? '')
    if (known && !known.includes(page.path)) throw new Error(`page "${page.path}" is not found`)
    return page
  }

  function openPlain(api: string, url: string): HeadlessPage {
    const page = open(url)
    if (tabs.includes(page.path)) throw new Error(`can not ${api} a tabbar page`)
    return page
  }

  return {
    ...shown.screen,
    ...createPopups(),
    ...hostEvents,
    ...createHeadlessFiles(options.compressImage),
    manifest: options.manifest,
    pages,
    get toast() {
      return shown.visible()
    },
    get pullDownStops() {
      return shown.pullDownStops()
    },
    async navigateTo(url) {
      const page = openPlain('navigateTo', url)
      if (pages.length >= maxPages) throw new Error('webview count limit exceed')
      pages.push(page)
    },
    async redirectTo(url) {
      pages.splice(-1, 1, openPlain('redirectTo', url))
    },
    async switchTab(url) {
      const page = open(url)
      if (!tabs.includes(page.path)) throw new Error('can not switch to no-tabBar page')
      pages.splice(0, pages.length, { ...page, query: {} })
    },
    async reLaunch(url) {
      pages.splice(0, pages.length, open(url))
    },
    async navigateBack(delta) {
      if (pages.length === 1) throw new Error('cannot navigate back at first page')
      pages.splice(Math.max(1, pages.length - delta))
    },
    setNavigationBarTitle(title) {
      const top = pages.at(-1)
      if (top) top.title = title
    },
  }
}

function createPopups() {
  const scopeDialogs: ScopeDialog[] = []
  const settings: SettingItem[][] = []
  const answers: boolean[] = []
  const turns: Record<string, boolean>[] = []
  return {
    scopeDialogs,
    settings,
    async showScopeDialog(dialog: ScopeDialog): Promise<boolean> {
      scopeDialogs.push(dialog)
      return answers.shift() ?? true
    },
    async showSettings(items: SettingItem[]): Promise<Record<string, boolean>> {
      settings.push(items)
      const unchanged = items.map(({ scope, granted }) => [scope, granted])
      return { ...Object.fromEntries(unchanged), ...turns.shift() }
    },
    answerScopeDialogs: (...allowed: boolean[]): void => void answers.push(...allowed),
    changeSettings: (...turned: Record<string, boolean>[]): void => void turns.push(...turned),
  }
}

function createHostEvents() {
  let callbacks: WxCallbacks | undefined
  let isTapping = false
  return {
    isTapping: () => isTapping,
    tap<T>(handler: () => T): T {
      isTapping = true
      try {
        return handler()
      } finally {
        isTapping = false
      }
    },
    connect(wxCallbacks: WxCallbacks): void {
      callbacks = wxCallbacks
    },
    hide: () => callbacks?.appHidden(),
    show: () => callbacks?.appShown({}),
    tapAgree: (buttonId: string) => callbacks?.privacyAgreed(buttonId),
    useComponent: async (component: string) => callbacks?.requirePrivacy(component),
  }
}

function createDialogs() {
  const toasts: Toast[] = []
  const modals: Modal[] = []
  const actionSheets: string[][] = []
  const modalAnswers: boolean[] = []
  const sheetAnswers: number[] = []
  let visible: Toast | undefined
  let pullDownStops = 0
  return {
    visible: () => visible,
    pullDownStops: () => pullDownStops,
    screen: {
      toasts,
      modals,
      actionSheets,
      showToast(toast: Toast): void {
        toasts.push(toast)
        visible = toast
      },
      hideToast(): void {
        visible = undefined
      },
      async showModal(modal: Modal): Promise<boolean> {
        modals.push(modal)
        return modalAnswers.shift() ?? true
      },
      async showActionSheet(items: string[]): Promise<number> {
        actionSheets.push(items)
        return sheetAnswers.shift() ?? 0
      },
      stopPullDownRefresh(): void {
        pullDownStops += 1
      },
      answerModals: (...confirmed: boolean[]): void => void modalAnswers.push(...confirmed),
      answerActionSheets: (...indexes: number[]): void => void sheetAnswers.push(...indexes),
    },
  }
}

function pageOf(url: string, from: string): HeadlessPage {
  const [path = '', search = ''] = url.split('?', 2)
  const query = Object.fromEntries(new URLSearchParams(search))
  return { path: absolute(path, from), query, title: '' }
}

/** @param from the page that a relative path is resolved against */
function absolute(path: string, from: string | number = ''): string {
  const base = typeof from === 'string' && !path.startsWith('/') && path.startsWith('.') ? from : ''
  const parts = base.split('/').slice(0, -1)
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
