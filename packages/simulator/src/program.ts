import {
  addGlobalErrorListener,
  Component,
  type GeneralComponent,
  removeGlobalErrorListener,
} from 'glass-easel'
import type { CompiledApp } from './compiled-app.ts'
import type { OpenTypes } from './components/built-in.ts'
import { defineBuiltIns } from './components/index.ts'
import { createComponents } from './page/code-space.ts'
import type { Call, Page } from './page/page.ts'
import { createPageFactory } from './page/page-factory.ts'
import { createRouter, type Router } from './page/router.ts'
import { resolvePath } from './paths.ts'
import { createBackend } from './render/backend.ts'
import { dispatchFrom } from './render/dispatch.ts'
import { createStyleSheets } from './render/style-sheets.ts'
import { createTemplateSource } from './render/template-source.ts'
import { leash } from './script/leash.ts'
import { createModuleLoader } from './script/module-loader.ts'
import { createTimers } from './script/timers.ts'
import type { Stage } from './stage.ts'
import { createWxAdditions } from './wx-additions.ts'

export interface ProgramOptions {
  app: CompiledApp
  viewport: HTMLElement
  wx: (stage: Stage) => object
  stage: Stage
  openType: OpenTypes
  theme(): string
  report(error: unknown, where: string): void
  onChange(): void
  startPullDown(): void
  watchScroll(page: Page): void
}

/** One life of a mini program, from launch until it is killed. */
export interface Program {
  router: Router
  call: Call
  /** The object given to `App()`. */
  appInstance(): object
  /** Runs app.js. */
  start(): void
  kill(): void
}

export function createProgram(options: ProgramOptions): Program {
  const { app, viewport, stage } = options
  let isAlive = true
  let appInstance: object = {}

  const report = (error: unknown): void => {
    if (!isAlive) return
    options.report(error, router.stack().at(-1)?.path ?? 'app')
    const handler: unknown = Reflect.get(appInstance, 'onError')
    if (typeof handler === 'function') handler.call(appInstance, describe(error))
  }
  const run = (action: () => unknown): unknown => watch(action, report)
  const call: Call = (target, method, ...args) => {
    const found: unknown = Reflect.get(target, method)
    return typeof found === 'function' ? run(() => found.apply(target, args)) : undefined
  }

  const timers = createTimers(report)
  const styles = createStyleSheets(viewport, app.styles, app.pages)
  const wx = leash(
    options.wx(guardStage(stage, () => isAlive)),
    createWxAdditions({ top: () => router.stack().at(-1), startPullDown: options.startPullDown }),
    () => isAlive,
  )
  const components = createComponents({
    app,
    template: createTemplateSource(app.templates, run),
    run: (path) => loader.load(`${path}.js`),
    addStyle: styles.add,
    onAttached: (component) => factory.attached(component),
  })
  const loader = createModuleLoader(app.scripts, {
    ...timers.globals,
    ...components.globals,
    console,
    wx,
    App: (definition: object) => {
      appInstance = definition
    },
    getApp: () => appInstance,
    getCurrentPages: () => router.stack().map(({ instance }) => instance),
  })
  const backend = createBackend({
    document: viewport.ownerDocument,
    viewport,
    theme: options.theme,
    dispatch: dispatchFrom,
  })
  const factory = createPageFactory({
    app,
    components,
    backend,
    viewport,
    call,
    watchScroll: options.watchScroll,
  })
  const router = createRouter({
    pages: app.pages,
    tabBar: app.config.tabBar,
    open: factory.open,
    ready: factory.ready,
    close: factory.close,
    call,
    onChange() {
      const top = router.stack().at(-1)
      if (top) styles.showPage(top.path)
      options.onChange()
    },
  })

  defineBuiltIns(components.space.getComponentSpace(), {
    stage,
    openType: options.openType,
    assetUrl: (path, owner) => app.assets[resolvePath(path, owner)] ?? path,
    report,
  })
  const listener = ownErrors(components.space.getComponentSpace(), report)
  addGlobalErrorListener(listener)

  return {
    router,
    call,
    appInstance: () => appInstance,
    start() {
      styles.add('app', false)
      if (app.scripts['app.js'] !== undefined) loader.load('app.js')
    },
    kill() {
      isAlive = false
      timers.clear()
      removeGlobalErrorListener(listener)
      for (const page of router.stack()) page.frame.remove()
      styles.clear()
    },
  }
}

/** Runs code of the mini program; what it throws, now or in its promise, goes to `report`. */
function watch(action: () => unknown, report: (error: unknown) => void): unknown {
  try {
    const result = action()
    if (result instanceof Promise) result.catch(report)
    return result
  } catch (error) {
    report(error)
    return undefined
  }
}

// The renderer's errors are global to the page: each program takes those of its own components.
function ownErrors(space: unknown, report: (error: unknown) => void) {
  return (error: unknown, _method?: string, related?: GeneralComponent | string): boolean => {
    const isOther =
      Component.isComponent(related as GeneralComponent) &&
      (related as GeneralComponent).getRootBehavior().ownerSpace !== space
    if (!isOther) report(error)
    return isOther
  }
}

function guardStage(stage: Stage, isAlive: () => boolean): Stage {
  return leash(stage, {}, isAlive) as Stage
}

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)
