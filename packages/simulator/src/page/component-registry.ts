import type { GeneralComponent } from 'glass-easel'
import { type CodeSpace, MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import type { CompiledApp } from '../compiled-app.ts'
import type { createTemplateSource } from '../render/template-source.ts'
import { createBehaviorResolver, isScoped, withScriptOptions } from '../script/behaviors.ts'
import type { WarnOnce } from '../script/warnings.ts'

type StaticConfig = Parameters<CodeSpace['addComponentStaticConfig']>[1]
type Definition = Parameters<ReturnType<typeof createBehaviorResolver>>[0]

/** The registered pages and components of a mini program. */
export interface ComponentRegistry {
  env: MiniProgramEnv
  space: CodeSpace
  /** The globals `Page`, `Component` and `Behavior` of the scripts. */
  globals: Record<string, unknown>
  /** Runs the script of a page or component once, after those of the components that it uses. */
  prepare(path: string): void
}

/** Options of {@link createComponentRegistry}. */
export interface ComponentRegistryOptions {
  app: CompiledApp
  template: ReturnType<typeof createTemplateSource>
  run(path: string): void
  addStyle(path: string, scoped: boolean): void
  onAttached(component: GeneralComponent): void
  warn: WarnOnce
}

/** Registers the pages and components of a mini program when they are first needed. */
export function createComponentRegistry(options: ComponentRegistryOptions): ComponentRegistry {
  const { app } = options
  const env = new MiniProgramEnv()
  const space = env.createCodeSpace('app', true)
  space.getComponentSpace().updateComponentOptions({
    // Not over the node's own fields: a component with a property `dataset` could not be created.
    writeFieldsToNode: false,
    // Handlers may be methods that a script has set on the page or component, as those of uni-app.
    useMethodCallerListeners: true,
  })
  watchTags(space, options.warn)
  const resolveBehaviors = createBehaviorResolver(space)
  const prepared = new Set<string>()
  let current: string | undefined

  watchAttached(space, options.onAttached)

  const define = (kind: 'Page' | 'Component') => (definition: Definition) => {
    const path = current
    if (path === undefined)
      throw new Error(`${kind}() outside of the script of a page or component`)
    const config = withScriptOptions(app.components[path] ?? {}, definition)
    space.addComponentStaticConfig(path, config as StaticConfig)
    options.addStyle(path, isScoped(config))
    space.componentEnv(path, (globals) => {
      const register = globals[kind] as (definition: Definition) => void
      register(resolveBehaviors(definition))
    })
  }
  const prepare = (path: string): void => {
    if (prepared.has(path)) return
    const fault = app.faults[path]
    if (fault !== undefined) throw new Error(fault)
    prepared.add(path)
    const outer = current
    try {
      for (const used of dependenciesOf(app, path)) prepare(used)
      addTemplate(space, options, path)
      current = path
      options.run(path)
      assertDefined(space, path)
    } catch (error) {
      prepared.delete(path)
      throw error
    } finally {
      current = outer
    }
  }
  const defineBehavior = (definition: Definition) =>
    space.componentEnv(current ?? 'app', ({ Behavior }) =>
      Behavior(resolveBehaviors(definition) as never),
    )
  const globals = {
    Page: define('Page'),
    Component: define('Component'),
    Behavior: defineBehavior,
  }
  return { env, space, globals, prepare }
}

function addTemplate(
  space: CodeSpace,
  { app, template }: ComponentRegistryOptions,
  path: string,
): void {
  const compiled = template(path)
  if (compiled) space.addCompiledTemplate(path, { ...compiled, fallbackListenerOnNativeNode: true })
  const scopeName = app.styles[path]?.scopeName ?? path.replace(/[^\w]+/g, '-')
  space.addStyleSheet(path, undefined, scopeName)
}

function assertDefined(space: CodeSpace, path: string): void {
  if (!space.getComponentSpace().getComponentByUrlWithoutDefault(path, '')) {
    throw new Error(`${path}.js calls neither Page() nor Component()`)
  }
}

function dependenciesOf(app: CompiledApp, path: string): string[] {
  const { usingComponents = {}, componentGenerics = {} } = app.components[path] ?? {}
  const defaults = Object.values(componentGenerics).map((generic) =>
    typeof generic === 'object' ? generic.default : undefined,
  )
  return [...Object.values(usingComponents), ...defaults]
    .filter((target) => target !== undefined)
    .map((target) => target.slice(1))
}

// The renderer asks the space for a tag that the template's owner does not define, and for the paths of relations.
function watchTags(space: CodeSpace, warn: WarnOnce): void {
  const components = space.getComponentSpace()
  const find = components.getGlobalUsingComponent.bind(components)
  components.getGlobalUsingComponent = (tag) => {
    const found = find(tag)
    if (found === null && /^[\w-]+$/.test(tag)) warn(`<${tag}> is not simulated`)
    return found
  }
}

// The renderer triggers every lifetime except `ready`, which the page factory triggers.
function watchAttached(space: CodeSpace, onAttached: (component: GeneralComponent) => void): void {
  const behavior = space.getComponentSpace().defineBehavior({
    lifetimes: {
      attached(this: unknown) {
        onAttached((this as { _$: GeneralComponent })._$)
      },
    },
  })
  space.setOverallBehavior(behavior.general())
}
