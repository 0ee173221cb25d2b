import { createPhone, type Phone } from './chrome/phone.ts'
import { effectiveTheme } from './chrome/theme.ts'
import type { CompiledApp } from './compiled-app.ts'
import type { OpenTypes } from './components/built-in.ts'
import { createPullDown } from './page/pull-down.ts'
import { watchScroll } from './page/scrolling.ts'
import { parsePageUrl } from './paths.ts'
import { createProgram, type Program } from './program.ts'
import { dispatchFrom } from './render/dispatch.ts'
import { listenForGestures } from './render/gestures.ts'
import { createViewport } from './render/viewport.ts'
import { createScreen } from './screen.ts'
import type { Stage, Theme } from './stage.ts'

export interface SimulatorOptions {
  /** The phone's screen goes here and fills it; it must be in a document, and have a height. */
  container: HTMLElement
  app: CompiledApp
  /** Makes the mini program's `wx` over what this simulator draws; asked at every launch. */
  wx: (stage: Stage) => object
  openType?: OpenTypes
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
  const { app, container } = options
  const listeners = new Set<(error: unknown) => void>()
  let theme = options.theme ?? 'light'
  let program: Program | undefined
  let isHidden = false
  let launchedWith: string | undefined

  const stack = () => program?.router.stack() ?? []
  const draw = (): void => {
    phone.update({ page: stack().at(-1), depth: stack().length, theme })
    viewport.element.dataset['theme'] = effectiveTheme(app, theme)
  }
  const report = (error: unknown, where: string): void => {
    console.error(`[${where}]`, error)
    for (const listener of listeners) listener(error)
  }
  const quietly = (go: Promise<void>): void => {
    go.catch((error) => report(error, stack().at(-1)?.path ?? 'app'))
  }
  const phone: Phone = createPhone({
    app,
    container,
    goBack: () => quietly(stage.navigateBack(1)),
    goHome: () => quietly(stage.reLaunch(`/${entryPage(app)}`)),
    goTab: (path) => quietly(stage.switchTab(`/${path}`)),
  })
  const viewport = createViewport(phone.stage, options.isolate ?? !isJsdom(container))
  if (app.config.style) viewport.element.dataset['style'] = app.config.style
  const pullDown = createPullDown(viewport.element, app.config)
  const stage = createScreen({ phone, pullDown, program: () => program, draw })
  listenForGestures(viewport.element, dispatchFrom)
  draw()

  const kill = (): void => {
    program?.kill()
    program = undefined
    pullDown.stop()
    phone.toast.hide()
    phone.dialogs.close()
  }

  const simulator: Simulator = {
    document: viewport.document,
    async launch(path) {
      kill()
      launchedWith = path
      isHidden = false
      const current = createProgram({
        app,
        viewport: viewport.element,
        wx: options.wx,
        stage,
        openType: options.openType ?? {},
        theme: () => effectiveTheme(app, theme),
        report,
        onChange: draw,
        startPullDown() {
          const top = stack().at(-1)
          if (top) pullDown.start(top, current.call)
        },
        watchScroll(page) {
          watchScroll(page, app.config, current.call)
          pullDown.watch(page, current.call)
        },
      })
      program = current
      const url = path ?? entryPage(app)
      const opened = { ...parsePageUrl(`/${url}`, ''), scene: SCENE, referrerInfo: {} }
      try {
        current.start()
        current.call(current.appInstance(), 'onLaunch', opened)
        current.call(current.appInstance(), 'onShow', opened)
        current.router.reLaunch(`/${url}`)
      } catch (error) {
        report(error, 'app')
        throw error
      }
    },
    relaunch: () => simulator.launch(launchedWith),
    pageStack: () =>
      stack().map(({ path, query, root }) => ({ path, query, data: copy(root.data) })),
    currentPage() {
      const top = stack().at(-1)
      if (!top) throw new Error('no page is open: launch() first')
      return top.host
    },
    hide: () => turn(true),
    show: () => turn(false),
    setTheme(next) {
      if (next === theme) return
      theme = next
      draw()
      program?.call(program.appInstance(), 'onThemeChange', { theme })
    },
    onError(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    destroy() {
      kill()
      viewport.remove()
      phone.element.remove()
    },
  }

  const turn = (hidden: boolean): void => {
    if (!program || isHidden === hidden) return
    isHidden = hidden
    const top = stack().at(-1)
    const event = hidden ? 'onHide' : 'onShow'
    if (!hidden) program.call(program.appInstance(), event, { path: top?.path, scene: SCENE })
    if (top) {
      top.root.triggerPageLifetime(hidden ? 'hide' : 'show', [])
      program.call(top.instance, event)
    }
    if (hidden) program.call(program.appInstance(), event)
  }

  return simulator
}

const entryPage = (app: CompiledApp): string => app.config.entryPagePath ?? app.pages[0] ?? ''

const isJsdom = (container: HTMLElement): boolean =>
  container.ownerDocument.defaultView?.navigator.userAgent.includes('jsdom') ?? true

const copy = (data: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(data ?? {}))
