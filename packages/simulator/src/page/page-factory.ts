import type { GeneralComponent } from 'glass-easel'
import type { CompiledApp, WindowConfig } from '../compiled-app.ts'
import type { PageUrl } from '../paths.ts'
import type { Backend, BackendElement } from '../render/backend.ts'
import type { ComponentRegistry } from './component-registry.ts'
import type { CallMethod, Page, PageInstance } from './page.ts'
import { createReadyQueue } from './ready-queue.ts'

/** Options of {@link createPageFactory}. */
export interface PageFactoryOptions {
  app: CompiledApp
  components: ComponentRegistry
  backend: Backend
  viewport: HTMLElement
  callMethod: CallMethod
  watchScroll(page: Page): void
}

/** Creates and closes pages. */
export interface PageFactory {
  /** Creates a page, hidden and not loaded. */
  open(url: PageUrl): Page
  /** Runs onLoad. */
  load(page: Page): void
  /** Runs the `ready` lifetimes, then onReady. */
  ready(page: Page): void
  /** Runs onUnload and removes the page from the document. */
  close(page: Page): void
  /** Must be called for every component that enters a page. */
  attached(component: GeneralComponent): void
}

/** Creates the page factory, which runs the lifetimes that occur once: onLoad, onReady and onUnload. */
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

// A page defined by Component() gets its query as properties.
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
