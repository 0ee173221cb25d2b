import type { GeneralComponent } from 'glass-easel'
import type { CompiledApp, WindowConfig } from '../compiled-app.ts'
import type { PageUrl } from '../paths.ts'
import type { Backend, BackendElement } from '../render/backend.ts'
import type { Components } from './code-space.ts'
import type { Call, Page, PageInstance } from './page.ts'

export interface PageFactoryOptions {
  app: CompiledApp
  components: Components
  backend: Backend
  viewport: HTMLElement
  call: Call
  watchScroll(page: Page): void
}

export interface PageFactory {
  open(url: PageUrl): Page
  ready(page: Page): void
  close(page: Page): void
  /** To be told of every component that enters a page. */
  attached(component: GeneralComponent): void
}

/** Makes pages: created and attached, then onLoad; later onReady; in the end onUnload. */
export function createPageFactory(options: PageFactoryOptions): PageFactory {
  const { app, components, backend, viewport, call } = options
  const associated = components.env.associateBackend(backend)
  const roots = new WeakMap<Page, { release(): void }>()
  let waiting: GeneralComponent[] = []
  let isOpening = false

  const flushReady = (): void => {
    const batch = waiting
    waiting = []
    for (const component of batch) component.triggerLifetime('ready', [])
  }

  return {
    open({ path, query }) {
      components.prepare(path)
      isOpening = true
      const root = associated.createRoot('wx-page', components.space, `/${path}`)
      const { frame, host } = mountRoot(viewport, (parent, placeholder) =>
        root.attach(parent as unknown as BackendElement, placeholder as unknown as BackendElement),
      )
      const config = app.components[path] ?? {}
      const instance = root.get() as PageInstance
      const page: Page = {
        path,
        query,
        config,
        title: titleOf(config, app.config.window),
        instance,
        root: root.getComponent(),
        host,
        frame,
        isVisible: false,
        scrollTop: 0,
      }
      roots.set(page, root)
      Object.assign(instance, { route: path, __route__: path, options: query })
      options.watchScroll(page)
      call(instance, 'onLoad', query)
      return page
    },
    ready(page) {
      isOpening = false
      flushReady()
      call(page.instance, 'onReady')
    },
    close(page) {
      call(page.instance, 'onUnload')
      roots.get(page)?.release()
      page.frame.remove()
    },
    attached(component) {
      waiting.push(component)
      if (!isOpening && waiting.length === 1) void Promise.resolve().then(flushReady)
    },
  }
}

const titleOf = (config: WindowConfig, window: WindowConfig | undefined): string =>
  config.navigationBarTitleText ?? window?.navigationBarTitleText ?? ''

function mountRoot(
  viewport: HTMLElement,
  attach: (parent: Element, placeholder: Element) => void,
): { frame: HTMLElement; host: HTMLElement } {
  const frame = viewport.ownerDocument.createElement('div')
  frame.className = 'sim-page'
  frame.hidden = true
  const placeholder = viewport.ownerDocument.createElement('div')
  frame.append(placeholder)
  viewport.append(frame)
  attach(frame, placeholder)
  return { frame, host: frame.firstElementChild as HTMLElement }
}
