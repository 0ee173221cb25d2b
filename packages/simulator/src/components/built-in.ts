import type { ComponentSpace, GeneralComponent } from 'glass-easel'
import type { ScreenHost } from '../screen-host.ts'
import type { WechatServices } from '../wechat/wechat-services.ts'

export interface BuiltInContext {
  screen: ScreenHost
  wechat: WechatServices
  /** A URL the browser can load for a path written in the file of `owner`. */
  assetUrl(path: string, owner: string): string
  report(error: unknown): void
}

export interface BuiltInHost {
  element: HTMLElement
  document: Document
  component: GeneralComponent
  /** Current values of the properties. */
  data: Record<string, unknown>
  context: BuiltInContext
  emit(type: string, detail: unknown, bubbles?: boolean): void
  /** Path of the page or component in whose template this stands. */
  owner: string
}

export interface MountedBuiltIn {
  /** Writes the properties to the DOM; called after each change. */
  sync?(): void
  unmount?(): void
  /** Set by what a form collects. */
  field?: FormField
}

export interface FormField {
  value(): unknown
  reset(): void
}

export interface BuiltIn {
  tag: string
  /** Property names with their default values, whose type is the property's type. */
  properties?: Record<string, string | number | boolean | null>
  externalClasses?: string[]
  mount?(host: BuiltInHost): MountedBuiltIn
}

// Every component of WeChat's own takes these.
const SHARED_PROPERTIES = { hidden: false, hoverClass: 'none', name: '' }

const mounts = new WeakMap<Element, MountedBuiltIn>()

/** What stands behind the DOM element of a built-in component. */
export const mountedBuiltInOf = (element: Element): MountedBuiltIn | undefined =>
  mounts.get(element)

const TYPES = { string: String, number: Number, boolean: Boolean } as const

/** Makes `builtIn` usable by its tag in all templates of `space`. */
export function defineBuiltIn(
  space: ComponentSpace,
  builtIn: BuiltIn,
  context: BuiltInContext,
): void {
  const properties: Record<string, { type: unknown; value: unknown }> = {}
  for (const [name, value] of Object.entries({ ...SHARED_PROPERTIES, ...builtIn.properties })) {
    const type = value === null ? null : TYPES[typeof value as keyof typeof TYPES]
    properties[name] = { type, value }
  }
  const definition = space.defineComponent({
    is: `wx://${builtIn.tag}`,
    properties: properties as unknown as Record<string, null>,
    ...(builtIn.externalClasses && { externalClasses: builtIn.externalClasses }),
    observers: {
      '**'(this: unknown) {
        sync(this as GeneralComponent)
      },
    },
    lifetimes: {
      attached(this: unknown) {
        const component = this as GeneralComponent
        const host = createHost(component, context)
        const mounted = builtIn.mount?.(host) ?? {}
        mounts.set(host.element, mounted)
        sync(component)
      },
      detached(this: unknown) {
        const element = (this as GeneralComponent).$$ as Element | null
        if (element) mounts.get(element)?.unmount?.()
      },
    },
  })
  space.setGlobalUsingComponent(builtIn.tag, definition.general())
}

function createHost(component: GeneralComponent, context: BuiltInContext): BuiltInHost {
  const element = component.$$ as unknown as HTMLElement
  return {
    element,
    document: element.ownerDocument,
    component,
    get data() {
      return component.data
    },
    context,
    emit: (type, detail, bubbles = false) =>
      component.triggerEvent(type, detail, { bubbles, composed: bubbles }),
    owner: component.ownerShadowRoot?.getHostNode().is ?? '',
  }
}

function sync(component: GeneralComponent): void {
  const element = component.$$ as unknown as HTMLElement | null
  const mounted = element && mounts.get(element)
  if (!mounted) return
  element.toggleAttribute('hidden', component.data['hidden'] === true)
  mounted.sync?.()
}

/** Lets a host that acts as a control take the focus, and Enter or Space press it. */
export function actAsControl(host: BuiltInHost, role: string): void {
  const { element } = host
  if (!element.hasAttribute('role')) element.setAttribute('role', role)
  element.tabIndex = 0
  element.addEventListener('keydown', (event) => {
    if (event.target !== element) return
    if (event.key !== 'Enter' && (event.key !== ' ' || role === 'link')) return
    event.preventDefault()
    element.click()
  })
}
