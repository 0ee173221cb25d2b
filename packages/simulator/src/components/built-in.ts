import type { ComponentSpace, GeneralComponent } from 'glass-easel'
import type { ScreenHost } from '../screen-host.ts'
import type { WechatServices } from '../wechat/wechat-services.ts'

/** What the built-in components of a running mini program share. */
export interface BuiltInContext {
  screen: ScreenHost
  wechat: WechatServices
  /** The URL that the browser can load for a path in the template of `owner`. */
  assetUrl(path: string, owner: string): string
  report(error: unknown): void
}

/** A built-in component in the document. */
export interface BuiltInHost {
  element: HTMLElement
  document: Document
  component: GeneralComponent
  /** Current values of the properties. */
  data: Record<string, unknown>
  context: BuiltInContext
  emit(type: string, detail: unknown, bubbles?: boolean): void
  /** Path of the page or component whose template contains it. */
  owner: string
}

/** The behaviour of a built-in component that is in the document. */
export interface MountedBuiltIn {
  /** Writes the properties to the DOM; called after each change. */
  sync?(): void
  unmount?(): void
  /** Present on components whose value a form collects. */
  field?: FormField
}

/** A control of a form. */
export interface FormField {
  value(): unknown
  /** Shows its first value again, or this text. */
  reset(text?: string): void
}

/** The definition of a built-in component. */
export interface BuiltIn {
  tag: string
  /** Default value of each property; its type is the type of the property. */
  properties?: Record<string, string | number | boolean | null>
  externalClasses?: string[]
  mount?(host: BuiltInHost): MountedBuiltIn
}

// Properties of every built-in component.
const SHARED_PROPERTIES = { hidden: false, hoverClass: 'none', name: '' }

const mounts = new WeakMap<Element, MountedBuiltIn>()

/** The behaviour behind the DOM element of a built-in component. */
export const mountedBuiltInOf = (element: Element): MountedBuiltIn | undefined =>
  mounts.get(element)

const TYPES = { string: String, number: Number, boolean: Boolean } as const

/** Registers `builtIn` under its tag for all templates of `space`. */
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

/** Makes a host focusable, and Enter or Space click it. */
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
