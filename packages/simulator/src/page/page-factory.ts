import type { GeneralComponent } from 'glass-easel'
import type { CompiledApp, WindowConfig } from '../compiled-app.ts'
import type { PageUrl } from '../paths.ts'
import type { Backend, BackendElement } from '../render/backend.ts'
import type { ComponentRegistry } from './component-registry.ts'
import type { CallMethod, Page, PageInstance } from './page.ts'
import { createReadyQueue } from './ready-queue.ts'

export interface PageFactoryOptions {
  app: CompiledApp
  components: ComponentRegistry
  backend: Backend
  viewport: HTMLElement
  callMethod: CallMethod
  watchScroll(page: Page): void
}

export interface PageFactory {
  open(url: PageUrl): Page
  load(page: Page): void
  ready(page: Page): void
  close(page: Page): void
  /** To be told of every component that enters a page. */
  attached(component: GeneralComponent): void
}

/** Makes pages, and runs the lifetimes that come once: onLoad, onReady, onUnload. */
export function createPageFactory(options: PageFactoryOptions): PageFactory {
  const { components, callMethod } = options
  const associated = components.env.associateBackend(options.backend)
  const roots = new WeakMap<Page, { release(): void }>()
  const queue = createReadyQueue()

  return {
    open(url) {
      components.prepare(url.path)
      const root = associated.createRoot('wx-page', components.space, urlOf(url))
      queue.hold()
      const frame = mountRoot(options.viewport, (parent, placeholder) =>
        root.attach(parent as unknown as BackendElement, placeholder as unknown as BackendElement),
      )
      const instance = root.get() as PageInstance
      const page = createPage(options.app, url, { frame, instance, root: root.getComponent() })
      Object.assign(instance, { route: url.path, __route__: url.path, options: url.query })
      roots.set(page, root)
      options.watchScroll(page)
      return page
    },
    load(page) {
      callMethod(page.instance, 'onLoad', page.query)
    },
    ready(page) {
      queue.release()
      callMethod(page.instance, 'onReady')
    },
    close(page) {
      callMethod(page.instance, 'onUnload')
      roots.get(page)?.release()
      page.frame.remove()
      queue.release()
    },
    attached: queue.add,
  }
}

function createPage(
  app: CompiledApp,
  { path, query }: PageUrl,
  drawn: Pick<Page, 'frame' | 'instance' | 'root'>,
): Page {
  const config = app.components[path] ?? {}
  return {
    ...drawn,
    path,
    query,
    config,
    title: titleOf(config, app.config.window),
    host: drawn.frame.firstElementChild as HTMLElement,
    isVisible: false,
    isReady: false,
    scrollTop: 0,
  }
}

const titleOf = (config: WindowConfig, window: WindowConfig | undefined): string =>
  config.navigationBarTitleText ?? window?.navigationBarTitleText ?? ''

// A page made by Component() takes its query as properties.
const urlOf = ({ path, query }: PageUrl): string => {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${value}`)
  return `/${path}${pairs.length ? `?${pairs.join('&')}` : ''}`
}

function mountRoot(
  viewport: HTMLElement,
  attach: (parent: Element, placeholder: Element) => void,
): HTMLElement {
  const frame = viewport.ownerDocument.createElement('div')
  frame.className = 'sim-page'
  frame.hidden = true
  const placeholder = viewport.ownerDocument.createElement('div')
  frame.append(placeholder)
  viewport.append(frame)
  attach(frame, placeholder)
  return frame
}
