import { effectiveTheme } from './chrome/theme.ts'
import type { CompiledApp } from './compiled-app.ts'
import { createDevice, type Device, entryPage } from './device.ts'
import { watchScroll } from './page/scrolling.ts'
import { parsePageUrl } from './paths.ts'
import { createProgram, type Program } from './program.ts'
import type { ScreenHost, Theme } from './screen-host.ts'
import type { OpenTypeHandlers } from './wechat/wechat-services.ts'

export interface SimulatorOptions {
  /** The phone's screen goes here and fills it; it must be in a document, and have a height. */
  container: HTMLElement
  app: CompiledApp
  /** Makes the mini program's `wx` over what this simulator draws; asked at every launch. */
  wx: (screen: ScreenHost) => object
  openType?: OpenTypeHandlers
  /** The mini program's name, as dialogs say it; the title of its window when not given. */
  name?: string
  /** What to load for an address that only WeChat can, such as that of an avatar. */
  resolveUrl?: (url: string) => string | undefined
  theme?: Theme
  /** Whether pages live in a frame of their own. Default: yes, except in jsdom. */
  isolate?: boolean
}

export interface PageState {
  path: string
  query: Record<string, string>
  data: Record<string, unknown>
}

export interface Simulator {
  /**
   * Runs app.js and opens the first page, or `path` with its query; resolves when its first data
   * is in the document. A program that was running is killed.
   */
  launch(path?: string): Promise<void>
  /** Kills and starts again, as when the person closes and reopens the mini program. */
  relaunch(): Promise<void>
  /** From the bottom to the top. */
  pageStack(): PageState[]
  /** The element `wx-page` of the page on top. @throws when nothing was launched */
  currentPage(): Element
  /** The document in which pages are rendered. */
  document: Document
  /** The app goes to the background and back. */
  hide(): void
  show(): void
  setTheme(theme: Theme): void
  /** Errors that the mini program did not catch. Returns how to stop listening. */
  onError(listener: (error: unknown) => void): () => void
  destroy(): void
}

/** WeChat's number for "opened from the list of mini programs". */
const SCENE = 1001

/** Draws a compiled mini program in `container`. */
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
  const program: Program = createProgram({
    app,
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
  const opened = { ...parsePageUrl(`/${url}`, ''), scene: SCENE, referrerInfo: {} }
  const { runtime } = program
  try {
    program.start()
    runtime.callMethod(runtime.app(), 'onLaunch', opened)
    runtime.callMethod(runtime.app(), 'onShow', opened)
    program.router.reLaunch(`/${url}`)
  } catch (error) {
    device.report(error, 'app')
    throw error
  }
}

/** The app to the background, or back: the page on top goes first, and comes last. */
function setHidden(device: Device, hidden: boolean): void {
  const { program } = device
  if (!program || device.isHidden === hidden) return
  device.isHidden = hidden
  const { runtime } = program
  const top = device.pages().at(-1)
  const event = hidden ? 'onHide' : 'onShow'
  const opened = { path: top?.path, query: top?.query, scene: SCENE, referrerInfo: {} }
  if (!hidden) {
    runtime.callMethod(runtime.app(), event, opened)
    program.wxCallbacks()?.appShown(opened)
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
