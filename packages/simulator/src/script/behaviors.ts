import type { CodeSpace } from 'glass-easel-miniprogram-adapter'
import type { ComponentConfig } from '../compiled-app.ts'

type Definition = Record<string, unknown> & {
  behaviors?: unknown[]
  options?: Record<string, unknown>
}

/**
 * Replaces the names of built-in behaviors in a definition by behaviors.
 * Source: https://developers.weixin.qq.com/miniprogram/dev/framework/custom-component/behaviors.html
 */
export function createBehaviorResolver(space: CodeSpace): (definition: Definition) => Definition {
  const formField = space.behavior().property('name', String).property('value', null).register()
  const empty = space.behavior().register()
  const builtIn: Record<string, unknown> = {
    'wx://form-field': formField,
    'wx://form-field-group': empty,
    'wx://form-field-button': empty,
    // The adapter exports the result of `export()` without this behavior.
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

/** Applies the style isolation that a script sets in `options` instead of the JSON. */
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

/** Whether the class names of a component's style sheet are isolated. */
export function isScoped(config: ComponentConfig): boolean {
  const isolation = config.styleIsolation?.replace(/^page-/, '')
  if (isolation) return isolation !== 'shared'
  return config.component === true
}
