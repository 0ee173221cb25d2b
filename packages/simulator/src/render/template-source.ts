import { Component, type Element, type template } from 'glass-easel'
import { evaluate } from '../script/shadowed-globals.ts'
import type { WarnOnce } from '../script/warnings.ts'
import { describeEvent } from './event-object.ts'

type Generator = ReturnType<template.ComponentTemplate['content']>
type Wrapper = Parameters<Generator>[0]
type Groups = Record<string, ((name: string) => Generator) | undefined>

/** Matches event attributes without a colon, such as `capture-bindtap`. */
const EVENT_ATTRIBUTE = /^(capture-)?(bind|catch)([\w-]+)$/

/** Options of {@link createTemplateSource}. */
export interface TemplateSourceOptions {
  /** The compiled templates. */
  templates: string
  /** Calls a handler of the mini program and reports its errors. */
  run(call: () => unknown): unknown
  warn: WarnOnce
}

/**
 * Loads the compiled templates and wraps their generators: data-*, id and aria-* are written to the
 * DOM, and handlers get plain event objects.
 */
export function createTemplateSource(
  options: TemplateSourceOptions,
): (path: string) => template.ComponentTemplate | undefined {
  const { templates, run, warn } = options
  const reportWxs = (error: unknown): void =>
    void run(() => {
      throw error
    })
  // At the first page, when an error of a WXS script reaches App.onError.
  let groups: Groups | undefined
  const load = (): Groups =>
    evaluate(`return ${templates}`, 'templates.wxml.js', { reportWxs }) as Groups
  const prepared = new WeakSet<Wrapper>()

  const prepare = (wrapper: Wrapper): void => {
    if (prepared.has(wrapper)) return
    prepared.add(wrapper)
    showAttributes(wrapper)
    findHandlers(wrapper, warn)
    wrapper.setEventListenerWrapper((caller, event, listener) => {
      const handler = listener as (this: unknown, event: unknown) => unknown
      run(() => handler.call(caller, describeEvent(event)))
    })
  }

  return (path) => {
    groups ??= load()
    const group = groups[path]
    if (!group) return undefined
    const content = (name: string): Generator => {
      const generate = group(name)
      return (wrapper, ...rest) => {
        prepare(wrapper)
        return generate(wrapper, ...rest)
      }
    }
    return { content, groupList: groups as Record<string, (name: string) => Generator> }
  }
}

/** Looks a handler up when its event occurs, and warns of one that does not exist. */
function findHandlers(wrapper: Wrapper, warn: WarnOnce): void {
  const { v: setListener } = wrapper
  wrapper.v = (element, type, handler, ...rest) => {
    const name: unknown = handler
    // `catchtap` alone, and the idiom `catchtouchmove="true"`, stop an event without a handler.
    if (typeof name !== 'string' || name === '' || name === 'true') {
      setListener(element, type, handler, ...rest)
      return
    }
    const owner = element.ownerShadowRoot?.getHostNode()
    const call = function (this: unknown, event: unknown): unknown {
      const method = owner && Component.getMethod(owner, name)
      if (method) return method.call(this, event)
      warn(`${owner?.is} has no method "${name}" for the event "${type}"`)
      return undefined
    }
    setListener(element, type, call as never, ...rest)
  }
}

function showAttributes(wrapper: Wrapper): void {
  const { d: setData, i: setId, r: setProperty } = wrapper
  wrapper.d = (element, name, value) => {
    setData(element, name, value)
    nodeOf(element)?.setAttribute(`data-${kebab(name)}`, show(value))
  }
  wrapper.i = (element, value) => {
    setId(element, value)
    nodeOf(element)?.setAttribute('id', value)
  }
  wrapper.r = (element, name, value, modelPath, path) => {
    const node = nodeOf(element)
    if (name.startsWith('aria-')) {
      showAria(node, name, value)
      return
    }
    const component = Component.isComponent(element) ? element : undefined
    const known = component && Component.hasProperty(component, camel(name))
    const event = known ? null : EVENT_ATTRIBUTE.exec(name)
    if (event) {
      const [, capture, kind, type = ''] = event
      wrapper.v(element, type, value, kind === 'catch', false, Boolean(capture), true, path)
      return
    }
    if (name === 'hidden' && component && !known) {
      node?.toggleAttribute('hidden', Boolean(value))
      return
    }
    // A phone ignores attributes that a built-in component does not have.
    if (component?.is.startsWith('wx://') && !known && !component.hasExternalClass(name)) return
    setProperty(element, name, value, modelPath, path)
  }
}

function showAria(node: HTMLElement | null, name: string, value: unknown): void {
  if (name !== 'aria-role') node?.setAttribute(name, show(value))
  else if (node) {
    node.setAttribute('role', show(value))
    if (!node.hasAttribute('tabindex') && /^(button|link|tab|checkbox|radio)$/.test(show(value))) {
      node.tabIndex = 0
    }
  }
}

const nodeOf = (element: Element): HTMLElement | null => element.$$ as HTMLElement | null

const show = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')

const kebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const camel = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
