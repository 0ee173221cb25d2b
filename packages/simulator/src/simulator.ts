import { effectiveTheme } from './chrome/theme.ts'
import type { CompiledApp } from './compiled-app.ts'
import { createDevice, type Device, entryPage } from './device.ts'
import { watchScroll } from './page/scrolling.ts'
import { parsePageUrl } from './paths.ts'
import { createProgram, type Program } from './program.ts'
import type { ScreenHost, Theme } from './screen-host.ts'
import type { OpenTypeHandlers } from './wechat/wechat-services.ts'

/** Options of {@link createSimulator}. */
export interface SimulatorOptions {
  /** The element that the phone's screen fills; it must be in a document and have a height. */
  container: HTMLElement
  /** The result of `compileMiniProgram`. */
  app: CompiledApp
  /** Creates the mini program's `wx` for the screen of the simulator; called at every launch. */
  wx: (screen: ScreenHost) => object
  /** What WeChat does behind the `open-type` of buttons. */
  openType?: OpenTypeHandlers
  /** The mini program's name in dialogs; default: the title of its window. */
  name?: string
  /** Maps an image URL that only WeChat can load, such as that of an avatar; undefined keeps the URL. */
  resolveUrl?: (url: string) => string | undefined
  /** Default: `light`. */
  theme?: Theme
  /** Whether pages are in an iframe; default: true, except in jsdom. */
  isolate?: boolean
}

/** An open page. */
export interface PageState {
  /** Without a leading slash. */
  path: string
  /** Values as they were encoded. */
  query: Record<string, string>
  /** A copy of the page's data. */
  data: Record<string, unknown>
}

/** A phone that runs one mini program. */
export interface Simulator {
  /**
   * Runs app.js and opens the first page, or `path` with its query; resolves when the page is
   * rendered. A running mini program is ended first.
   *
   * @throws the error that app.js or the page's script threw, or `page "PATH" is not found`
   */
  launch(path?: string): Promise<void>
  /** Ends the mini program and launches it again with the same path. */
  relaunch(): Promise<void>
  /** The open pages, from the bottom to the top. */
  pageStack(): PageState[]
  /**
   * The element `wx-page` of the page on top.
   *
   * @throws where no page is open
   */
  currentPage(): Element
  /** The document in which pages are rendered. */
  document: Document
  /** Sends the app to the background. */
  hide(): void
  /** Brings the app back to the foreground. */
  show(): void
  /** Changes the theme of WeChat and runs App.onThemeChange. */
  setTheme(theme: Theme): void
  /** Calls `listener` with errors that the mini program did not catch; returns a function that removes it. */
  onError(listener: (error: unknown) => void): () => void
  /** Ends the mini program and removes the phone from the document. */
  destroy(): void
}

/** WeChat's scene value for a launch from the list of mini programs. */
const SCENE = 1001

/**
 * Creates a phone in `container` that runs a compiled mini program.
 *
 * @example
 * const simulator = createSimulator({ container, app, wx: (screen) => createWx({ ...options, screen }) })
 * await simulator.launch('pages/home/index?from=readme')
 * simulator.currentPage().querySelector('[data-testid=sign-in]').click()
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const device = createDevice(options)
  let launchedWith: string | undefined

  const launch = async (path?: string): Promise<void> => {
    launchedWith = path
    kill(device)
    start(device, options, path ?? entryPage(device.app))
  }
  return {
    document: device.viewport.document,
    launch,
    relaunch: () => launch(launchedWith),
    pageStack: () =>
      device.pages().map(({ path, query, root }) => ({ path, query, data: copy(root.data) })),
    currentPage() {
      const top = device.pages().at(-1)
      if (!top) throw new Error('no page is open: launch() first')
      return top.host
    },
    hide: () => setHidden(device, true),
    show: () => setHidden(device, false),
    setTheme(theme) {
      if (theme === device.theme) return
      device.theme = theme
      device.draw()
      const runtime = device.program?.runtime
      runtime?.callMethod(runtime.app(), 'onThemeChange', { theme })
    },
    onError(listener) {
      device.listeners.add(listener)
      return () => device.listeners.delete(listener)
    },
    destroy() {
      kill(device)
      device.viewport.remove()
      device.phone.element.remove()
    },
  }
}

function kill(device: Device): void {
  device.program?.kill()
  device.program = undefined
  device.isHidden = false
  device.pullDown.stop()
  device.phone.toast.hide()
  device.phone.dialogs.close()
  device.files.clear()
}

function start(device: Device, options: SimulatorOptions, url: string): void {
  const { app, pullDown, files } = device
  const resolveUrl = (url: string): string => files.urlOf(url) ?? options.resolveUrl?.(url) ?? url
  const launchOptions = { ...parsePageUrl(`/${url}`, ''), scene: SCENE, referrerInfo: {} }
  device.enterOptions = launchOptions
  const program: Program = createProgram({
    app,
    launchOptions,
    enterOptions: () => device.enterOptions,
    viewport: device.viewport.element,
    wx: options.wx,
    screen: device.screen,
    wechat: { openType: options.openType ?? {}, dialogs: device.phone.dialogs, files, resolveUrl },
    resolveUrl,
    theme: () => effectiveTheme(app, device.theme),
    report: device.report,
    onChange: device.draw,
    startPullDown({ callMethod }) {
      const top = device.pages().at(-1)
      if (top) pullDown.start(top, callMethod)
    },
    watchScroll(page, { callMethod }) {
      watchScroll(page, app.config, callMethod)
      pullDown.watch(page, callMethod)
    },
  })
  device.program = program
  const { runtime } = program
  try {
    program.start()
    runtime.callMethod(runtime.app(), 'onLaunch', launchOptions)
    runtime.callMethod(runtime.app(), 'onShow', launchOptions)
    program.router.reLaunch(`/${url}`)
  } catch (error) {
    device.reportOnce(error, 'app')
    throw error
  }
}

/** Hides the page on top before the app, and shows it after the app, as WeChat does. */
function setHidden(device: Device, hidden: boolean): void {
  const { program } = device
  if (!program || device.isHidden === hidden) return
  device.isHidden = hidden
  const { runtime } = program
  const top = device.pages().at(-1)
  const event = hidden ? 'onHide' : 'onShow'
  const showOptions = { path: top?.path, query: top?.query, scene: SCENE, referrerInfo: {} }
  if (!hidden) {
    device.enterOptions = showOptions
    runtime.callMethod(runtime.app(), event, showOptions)
    program.wxCallbacks()?.appShown(showOptions)
  }
  if (top) {
    top.root.triggerPageLifetime(hidden ? 'hide' : 'show', [])
    runtime.callMethod(top.instance, event)
  }
  if (!hidden) return
  runtime.callMethod(runtime.app(), event)
  program.wxCallbacks()?.appHidden()
}

const copy = (data: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(data ?? {}))
