import { createScreenHost } from './chrome/create-screen-host.ts'
import { createPhone, type Phone } from './chrome/phone.ts'
import { effectiveTheme } from './chrome/theme.ts'
import type { CompiledApp } from './compiled-app.ts'
import type { Page } from './page/page.ts'
import { createPullDown, type PullDown } from './page/pull-down.ts'
import type { Program } from './program.ts'
import { listenForGestures } from './render/gestures.ts'
import { createTaps } from './render/taps.ts'
import { createViewport, type Viewport } from './render/viewport.ts'
import type { ScreenHost, Theme } from './screen-host.ts'
import { createTemporaryFiles, type TemporaryFiles } from './wechat/temporary-files.ts'

/** The simulated phone, which outlives the mini programs that are launched on it. */
export interface Device {
  app: CompiledApp
  phone: Phone
  viewport: Viewport
  pullDown: PullDown
  screen: ScreenHost
  files: TemporaryFiles
  theme: Theme
  program: Program | undefined
  isHidden: boolean
  /** What the mini program came to the foreground with the last time. */
  enterOptions: object
  listeners: Set<(error: unknown) => void>
  pages(): Page[]
  report(error: unknown, where: string): void
  /** Reports an error, unless it was the last one that was reported. */
  reportOnce(error: unknown, where: string): void
  /** Updates bars and theme for the page on top. */
  draw(): void
}

/** The options of `createSimulator` that concern the phone. */
export interface DeviceOptions {
  app: CompiledApp
  container: HTMLElement
  name?: string
  theme?: Theme
  isolate?: boolean
}

export function createDevice(options: DeviceOptions): Device {
  const { app, container } = options
  const reportRejection = (go: Promise<void>): void => {
    go.catch((error) => device.reportOnce(error, device.pages().at(-1)?.path ?? 'app'))
  }
  const phone = createPhone({
    app,
    container,
    name: options.name ?? app.config.window?.navigationBarTitleText ?? '小程序',
    goBack: () => reportRejection(device.screen.navigateBack(1)),
    goHome: () => reportRejection(device.screen.reLaunch(`/${entryPage(app)}`)),
    goTab: (path) => reportRejection(device.screen.switchTab(`/${path}`)),
  })
  const viewport = createViewport(phone.viewportSlot, options.isolate ?? !isJsdom(container))
  const taps = createTaps()
  const files = createTemporaryFiles(container.ownerDocument)
  const pullDown = createPullDown(viewport.element, app.config)
  let lastReported: unknown
  const device: Device = {
    app,
    phone,
    viewport,
    pullDown,
    screen: createScreenHost({
      phone,
      pullDown,
      program: () => device.program,
      draw: () => device.draw(),
      isTapping: taps.isTapping,
      manifest: app.config,
      files,
    }),
    files,
    theme: options.theme ?? 'light',
    program: undefined,
    isHidden: false,
    enterOptions: {},
    listeners: new Set(),
    pages: () => device.program?.router.stack() ?? [],
    report(error, where) {
      lastReported = error
      console.error(`[${where}]`, error)
      for (const listener of device.listeners) listener(error)
    },
    reportOnce(error, where) {
      if (error !== lastReported) device.report(error, where)
    },
    draw() {
      const pages = device.pages()
      phone.update({ page: pages.at(-1), depth: pages.length, theme: device.theme })
      viewport.element.dataset['theme'] = effectiveTheme(app, device.theme)
    },
  }
  if (app.config.style) viewport.element.dataset['style'] = app.config.style
  listenForGestures(viewport.element, taps.dispatch)
  device.draw()
  return device
}

/** Path of the first page. */
export const entryPage = (app: CompiledApp): string =>
  app.config.entryPagePath ?? app.pages[0] ?? ''

const isJsdom = (container: HTMLElement): boolean =>
  container.ownerDocument.defaultView?.navigator.userAgent.includes('jsdom') ?? true
