import type { CodeSpace } from 'glass-easel-miniprogram-adapter'
import type { ComponentConfig } from '../compiled-app.ts'

type Definition = Record<string, unknown> & {
  behaviors?: unknown[]
  options?: Record<string, unknown>
}

/**
 * Makes the built-in behaviors real, which a script names by a string.
 * Source: https://developers.weixin.qq.com/miniprogram/dev/framework/custom-component/behaviors.html
 */
export function createBehaviorResolver(space: CodeSpace): (definition: Definition) => Definition {
  const formField = space.behavior().property('name', String).property('value', null).register()
  const empty = space.behavior().register()
  const builtIn: Record<string, unknown> = {
    'wx://form-field': formField,
    'wx://form-field-group': empty,
    'wx://form-field-button': empty,
    // The adapter exports whatever `export()` returns without being asked.
    'wx://component-export': empty,
  }
  return (definition) => {
    if (!definition.behaviors) return definition
    const behaviors = definition.behaviors.map((behavior) => {
      if (typeof behavior !== 'string') return behavior
      const found = builtIn[behavior]
      if (!found) throw new Error(`behavior "${behavior}" is not simulated`)
      return found
    })
    return { ...definition, behaviors }
  }
}

/** A script may say what usually stands in the JSON: how the component's styles are isolated. */
export function withScriptOptions(
  config: ComponentConfig,
  definition: Definition,
): ComponentConfig {
  const { styleIsolation, addGlobalClass } = definition.options ?? {}
  return {
    ...config,
    ...(typeof styleIsolation === 'string' && { styleIsolation }),
    ...(typeof addGlobalClass === 'boolean' && { addGlobalClass }),
  }
}

/** Whether the classes of a component's style sheet are its own. */
export function isScoped(config: ComponentConfig): boolean {
  const isolation = config.styleIsolation?.replace(/^page-/, '')
  if (isolation) return isolation !== 'shared'
  return config.component === true
}
