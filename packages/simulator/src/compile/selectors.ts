import parseSelectors, { type Root, type Selector } from 'postcss-selector-parser'
import { SCOPE_TOKEN } from '../compiled-app.ts'

// Keyframe selectors, and tags outside the page: not WXML elements.
const KEPT_TAGS = new Set(['from', 'to', 'html', 'body'])

/**
 * Rewrites a WXSS selector for the simulator's DOM: tags get the prefix `wx-`, classes get the scope
 * token, `page` and `:root` select the page's host element, `:host` that of the component.
 */
export function rewriteSelector(selector: string, scopeName: string): string {
  return parseSelectors((root: Root) => {
    root.walkTags((tag) => {
      if (KEPT_TAGS.has(tag.value) || tag.value.startsWith('wx-')) return
      tag.value = `wx-${tag.value}`
    })
    root.walkClasses((name) => {
      name.value = SCOPE_TOKEN + name.value
    })
    root.walkPseudos((pseudo) => {
      if (pseudo.value === ':root') pseudo.replaceWith(parseSelectors.tag({ value: 'wx-page' }))
      else if (pseudo.value === ':host')
        pseudo.replaceWith(...hostSelector(scopeName, pseudo.nodes))
    })
  }).processSync(selector)
}

// The conditions of `:host(.active)` are nested selectors.
function hostSelector(scopeName: string, conditions: Selector[]): parseSelectors.Node[] {
  const host = parseSelectors().astSync(`[wx-host="${scopeName}"]`).first?.first
  return host ? [host, ...conditions] : conditions
}
