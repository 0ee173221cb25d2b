import { type CompressImage, createHeadlessFiles, type HeadlessFiles } from './headless-files.ts'
import type { Manifest, Modal, ScreenHost, SettingItem, Toast, WxCallbacks } from './screen-host.ts'

export interface HeadlessPage {
  path: string
  query: Record<string, string>
  title: string
}

export interface HeadlessScreenOptions {
  /** The first page; `pages/index/index` when not given. */
  start?: string
  /** All pages there are; any page is found when not given. */
  pages?: readonly string[]
  /** The pages of the tab bar. */
  tabs?: readonly string[]
  /** The part of app.json that WeChat judges by; nothing is refused for want of one. */
  manifest?: Manifest
  /** What `compressImage` makes of a picture; without it that fails. */
  compressImage?: CompressImage
}

/** A phone without a screen: what it would have shown can be read, answers can be prepared. */
export interface HeadlessScreen extends Omit<ScreenHost, keyof HeadlessFiles>, HeadlessFiles {
  /** The page stack, the page on top last. */
  readonly pages: readonly HeadlessPage[]
  /** Every toast so far; they fade only by `hideToast`, never by time. */
  readonly toasts: readonly Toast[]
  /** The toast that is visible now. */
  readonly toast: Toast | undefined
  readonly modals: readonly Modal[]
  readonly actionSheets: readonly string[][]
  readonly pullDownStops: number
  /** What was asked for in popups. */
  readonly scopeDialogs: readonly ScopeDialog[]
  /** What each visit to the settings listed. */
  readonly settings: readonly SettingItem[][]
  /** Answers for the next modals; without one a modal is confirmed. */
  answerModals(...confirmed: boolean[]): void
  /** Answers for the next action sheets; without one the first item is chosen, -1 cancels. */
  answerActionSheets(...indexes: number[]): void
  /** Answers for the next popups; without one a popup is allowed. */
  answerScopeDialogs(...allowed: boolean[]): void
  /** What is turned at the next visits to the settings; without one nothing is. */
  changeSettings(...turned: Record<string, boolean>[]): void
  /** Runs a handler as the phone does for a tap: while it runs, and no longer, there is a tap. */
  tap<T>(handler: () => T): T
  /** The app goes to the background and back. */
  hide(): void
  show(): void
  /** A button with `open-type="agreePrivacyAuthorization"` is tapped. */
  tapAgree(buttonId: string): void
  /** A component such as `button.getPhoneNumber` wants to touch what is personal. */
  useComponent(component: string): Promise<void>
}

export interface ScopeDialog {
  title: string
  detail: string
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/route/wx.navigateTo.html */
const maxPages = 10

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
      const kept = items.map(({ scope, granted }) => [scope, granted])
      return { ...Object.fromEntries(kept), ...turns.shift() }
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
    connect(other: WxCallbacks): void {
      callbacks = other
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

/** `from` is the page that a relative path starts at. */
function absolute(path: string, from: string | number = ''): string {
  const base = typeof from === 'string' && !path.startsWith('/') && path.startsWith('.') ? from : ''
  const parts = base.split('/').slice(0, -1)
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
