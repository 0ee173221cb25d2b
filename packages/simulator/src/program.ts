import {
  addGlobalErrorListener,
  Component,
  type GeneralComponent,
  removeGlobalErrorListener,
} from 'glass-easel'
import type { CompiledApp } from './compiled-app.ts'
import { defineBuiltIns } from './components/index.ts'
import { type Components, createComponents } from './page/code-space.ts'
import type { Page } from './page/page.ts'
import { createPageFactory, type PageFactory } from './page/page-factory.ts'
import { createRouter, type Router } from './page/router.ts'
import { createWxAdditions } from './page/wx-additions.ts'
import { resolvePath } from './paths.ts'
import { createBackend } from './render/backend.ts'
import { dispatchFrom } from './render/dispatch.ts'
import { createStyleSheets } from './render/style-sheets.ts'
import { createTemplateSource } from './render/template-source.ts'
import { leash } from './script/leash.ts'
import { createLife, type Life } from './script/life.ts'
import { createModuleLoader } from './script/module-loader.ts'
import { createTimers } from './script/timers.ts'
import type { Companion, Stage } from './stage.ts'
import type { Wechat } from './wechat/wechat.ts'

export interface ProgramOptions {
  app: CompiledApp
  viewport: HTMLElement
  wx: (stage: Stage) => object
  stage: Stage
  /** What WeChat's own components have at hand; the line to `wx` is the program's own. */
  wechat: Omit<Wechat, 'companion'>
  /** A URL the browser can load for one that only WeChat can. */
  resource(url: string): string
  theme(): string
  report(error: unknown, where: string): void
  onChange(): void
  startPullDown(life: Life): void
  watchScroll(page: Page, life: Life): void
}

/** A running mini program, from its launch until it is killed. */
export interface Program {
  router: Router
  life: Life
  /** The other end of the line to `wx`, where `wx` took one. */
  companion(): Companion | undefined
  /** Runs app.js. */
  start(): void
  kill(): void
}

export function createProgram(options: ProgramOptions): Program {
  const { app, viewport } = options
  const top = (): Page | undefined => router.stack().at(-1)
  const life = createLife((error) => options.report(error, top()?.path ?? 'app'))
  const timers = createTimers(life.report)
  let companion: Companion | undefined
  const stage: Stage = {
    ...options.stage,
    connect(other) {
      companion = other
    },
  }
  const styles = createStyleSheets(viewport, app.styles, app.pages)
  const components = createComponents({
    app,
    template: createTemplateSource(app.templates, life.run),
    run: (path) => loader.load(`${path}.js`),
    addStyle: styles.add,
    onAttached: (component) => factory.attached(component),
  })
  const loader = createModuleLoader(app.scripts, {
    ...timers.globals,
    ...components.globals,
    console,
    wx: leashWx({ ...options, stage }, life, top),
    App: life.setApp,
    getApp: life.app,
    getCurrentPages: () => router.stack().map(({ instance }) => instance),
  })
  const factory = createFactory({ ...options, stage, companion: () => companion }, components, life)
  const router: Router = createRouter({
    pages: app.pages,
    tabBar: app.config.tabBar,
    ...factory,
    call: life.call,
    onChange() {
      styles.showPage(top()?.path ?? '')
      options.onChange()
    },
  })
  const forget = listenForErrors(components, life.report)

  return {
    router,
    life,
    companion: () => companion,
    start() {
      styles.add('app', false)
      if (app.scripts['app.js'] !== undefined) loader.load('app.js')
    },
    kill() {
      life.end()
      timers.clear()
      forget()
      for (const page of router.pages()) page.frame.remove()
      styles.clear()
    },
  }
}

function leashWx(options: ProgramOptions, life: Life, top: () => Page | undefined): object {
  const additions = createWxAdditions({ top, startPullDown: () => options.startPullDown(life) })
  const stage = leash(options.stage, {}, life.isAlive)
  return leash(options.wx(stage), additions, life.isAlive)
}

function createFactory(
  options: ProgramOptions & Pick<Program, 'companion'>,
  components: Components,
  life: Life,
): PageFactory {
  const { app, viewport, stage, wechat, companion } = options
  defineBuiltIns(components.space.getComponentSpace(), {
    stage,
    wechat: { ...wechat, companion },
    assetUrl: (path, owner) => app.assets[resolvePath(path, owner)] ?? options.resource(path),
    report: life.report,
  })
  const backend = createBackend({
    document: viewport.ownerDocument,
    viewport,
    theme: options.theme,
    dispatch: dispatchFrom,
  })
  const watchScroll = (page: Page): void => options.watchScroll(page, life)
  return createPageFactory({ app, components, backend, viewport, call: life.call, watchScroll })
}

/** The renderer has one list of listeners for all: a program takes its own components' errors. */
function listenForErrors(components: Components, report: (error: unknown) => void): () => void {
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
