import {
  addGlobalErrorListener,
  Component,
  type GeneralComponent,
  removeGlobalErrorListener,
} from 'glass-easel'
import type { CompiledApp } from './compiled-app.ts'
import { defineBuiltIns } from './components/index.ts'
import { type ComponentRegistry, createComponentRegistry } from './page/component-registry.ts'
import type { Page } from './page/page.ts'
import { createPageFactory, type PageFactory } from './page/page-factory.ts'
import { createRouter, type Router } from './page/router.ts'
import { createWxAdditions } from './page/wx-additions.ts'
import { resolvePath } from './paths.ts'
import { createBackend } from './render/backend.ts'
import { dispatchFrom } from './render/dispatch.ts'
import { createStyleSheets } from './render/style-sheets.ts'
import { createTemplateSource } from './render/template-source.ts'
import type { ScreenHost, WxCallbacks } from './screen-host.ts'
import { createAppAdditions } from './script/app-additions.ts'
import { type AppRuntime, createAppRuntime } from './script/app-runtime.ts'
import { limitToLifetime } from './script/limit-to-lifetime.ts'
import { createModuleLoader } from './script/module-loader.ts'
import { createTimers } from './script/timers.ts'
import { createWarnOnce, type WarnOnce, warnOfUnknown } from './script/warnings.ts'
import type { WechatServices } from './wechat/wechat-services.ts'

/** Options of {@link createProgram}. */
export interface ProgramOptions {
  app: CompiledApp
  viewport: HTMLElement
  wx: (screen: ScreenHost) => object
  screen: ScreenHost
  /** The services of built-in components; the program adds the callbacks of its `wx`. */
  wechat: Omit<WechatServices, 'wxCallbacks'>
  /** The URL that the browser can load for one that only WeChat can load. */
  resolveUrl(url: string): string
  /** What the mini program is launched with. */
  launchOptions: object
  /** What it came to the foreground with the last time. */
  enterOptions(): object
  theme(): string
  report(error: unknown, where: string): void
  onChange(): void
  startPullDown(runtime: AppRuntime): void
  watchScroll(page: Page, runtime: AppRuntime): void
}

/** A running mini program, from its launch until it is killed. */
export interface Program {
  router: Router
  runtime: AppRuntime
  /** The callbacks that `wx` registered, if any. */
  wxCallbacks(): WxCallbacks | undefined
  /** Runs app.js. */
  start(): void
  /** Ends the mini program: timers, pages and styles are removed, and its `wx` stops working. */
  kill(): void
}

/** Creates a mini program that has not started. */
export function createProgram(options: ProgramOptions): Program {
  const { app, viewport } = options
  const top = (): Page | undefined => router.stack().at(-1)
  const runtime = createAppRuntime((error) => options.report(error, top()?.path ?? 'app'))
  const timers = createTimers(runtime.report)
  const warn: WarnOnce = createWarnOnce()
  let wxCallbacks: WxCallbacks | undefined
  const screen: ScreenHost = {
    ...options.screen,
    connect(callbacks) {
      wxCallbacks = callbacks
    },
  }
  const styles = createStyleSheets(viewport, app.styles, app.pages)
  const components = createComponentRegistry({
    app,
    template: createTemplateSource({ templates: app.templates, run: runtime.run, warn }),
    run: (path) => loader.load(`${path}.js`),
    addStyle: styles.add,
    onAttached: (component) => factory.attached(component),
    warn,
  })
  const loader = createModuleLoader(app.scripts, {
    ...timers.globals,
    ...components.globals,
    console,
    // Shared by all modules, and empty: what uni-app's runtime finds on a phone.
    global: {},
    wx: warnOfUnknown(createLimitedWx({ ...options, screen }, runtime, top), warn),
    App: runtime.setApp,
    getApp: runtime.app,
    getCurrentPages: () => router.stack().map(({ instance }) => instance),
  })
  const factory = createFactory(
    { ...options, screen, wxCallbacks: () => wxCallbacks },
    components,
    runtime,
  )
  const router: Router = createRouter({
    pages: app.pages,
    tabBar: app.config.tabBar,
    prepare(path) {
      try {
        components.prepare(path)
      } catch (error) {
        runtime.report(error)
        throw error
      }
    },
    ...factory,
    callMethod: runtime.callMethod,
    onChange() {
      styles.showPage(top()?.path ?? '')
      options.onChange()
    },
  })
  const stopListening = listenForErrors(components, runtime.report)

  return {
    router,
    runtime,
    wxCallbacks: () => wxCallbacks,
    start() {
      styles.add('app', false)
      if (app.scripts['app.js'] !== undefined) loader.load('app.js')
    },
    kill() {
      runtime.end()
      timers.clear()
      stopListening()
      for (const page of router.pages()) page.frame.remove()
      styles.clear()
    },
  }
}

function createLimitedWx(
  options: ProgramOptions,
  runtime: AppRuntime,
  top: () => Page | undefined,
): object {
  const screen = limitToLifetime(options.screen, {}, runtime.isAlive)
  const wx = options.wx(screen)
  const additions = {
    ...createWxAdditions({ top, startPullDown: () => options.startPullDown(runtime) }),
    ...createAppAdditions({ ...options, wx, runtime }),
  }
  return limitToLifetime(wx, additions, runtime.isAlive)
}

function createFactory(
  options: ProgramOptions & Pick<Program, 'wxCallbacks'>,
  components: ComponentRegistry,
  runtime: AppRuntime,
): PageFactory {
  const { app, viewport, screen, wechat, wxCallbacks } = options
  defineBuiltIns(components.space.getComponentSpace(), {
    screen,
    wechat: { ...wechat, wxCallbacks },
    assetUrl: (path, owner) => app.assets[resolvePath(path, owner)] ?? options.resolveUrl(path),
    report: runtime.report,
  })
  const backend = createBackend({
    document: viewport.ownerDocument,
    viewport,
    theme: options.theme,
    dispatch: dispatchFrom,
  })
  const watchScroll = (page: Page): void => options.watchScroll(page, runtime)
  return createPageFactory({
    app,
    components,
    backend,
    viewport,
    callMethod: runtime.callMethod,
    watchScroll,
  })
}

/** The renderer has one global list of error listeners; a program handles the errors of its own components only. */
function listenForErrors(
  components: ComponentRegistry,
  report: (error: unknown) => void,
): () => void {
  const own = components.space.getComponentSpace()
  const listener = (
    error: unknown,
    _method?: string,
    related?: GeneralComponent | string,
  ): boolean => {
    const isOther =
      Component.isComponent(related as GeneralComponent) &&
      (related as GeneralComponent).getRootBehavior().ownerSpace !== own
    if (!isOther) report(error)
    return isOther
  }
  addGlobalErrorListener(listener)
  return () => removeGlobalErrorListener(listener)
}
