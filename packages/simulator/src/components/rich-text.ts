import type { BuiltIn } from './built-in.ts'

interface RichNode {
  type?: 'node' | 'text'
  name?: string
  text?: string
  attrs?: Record<string, string>
  children?: RichNode[]
}

const TAGS = new Set(
  `a abbr b blockquote br code col colgroup dd del div dl dt em fieldset h1 h2 h3 h4 h5 h6 hr i img
   ins label legend li ol p q s section small span strong sub sup table tbody td tfoot th thead tr
   u ul`.split(/\s+/),
)
const ATTRIBUTES = new Set([
  'class',
  'style',
  'src',
  'alt',
  'width',
  'height',
  'colspan',
  'rowspan',
])

/**
 * `rich-text` with the allowed tags and attributes only, and without events inside, as on a phone.
 * Source: https://developers.weixin.qq.com/miniprogram/dev/component/rich-text.html
 */
export const richText: BuiltIn = {
  tag: 'rich-text',
  properties: { nodes: null },
  mount(host) {
    return {
      sync() {
        const { nodes } = host.data
        const { document } = host
        const parsed = typeof nodes === 'string' ? parse(document, nodes) : nodes
        const list = Array.isArray(parsed) ? (parsed as RichNode[]) : []
        host.element.replaceChildren(...list.map((node) => build(document, node)))
      },
    }
  },
}

function build(document: Document, node: RichNode): Node {
  if (node.type === 'text' || node.text !== undefined) {
    return document.createTextNode(node.text ?? '')
  }
  const name = (node.name ?? '').toLowerCase()
  const element = document.createElement(TAGS.has(name) ? name : 'span')
  for (const [attribute, value] of Object.entries(node.attrs ?? {})) {
    if (ATTRIBUTES.has(attribute)) element.setAttribute(attribute, value)
  }
  element.append(...(node.children ?? []).map((child) => build(document, child)))
  return element
}

// The content of a template element is inert: parsing it loads nothing and runs no script.
function parse(document: Document, html: string): RichNode[] {
  const template = document.createElement('template')
  template.innerHTML = html
  return [...template.content.childNodes].flatMap(read)
}

function read(node: Node): RichNode[] {
  if (node.nodeType === 3) return [{ type: 'text', text: node.textContent ?? '' }]
  if (node.nodeType !== 1) return []
  const element = node as Element
  if (/^(script|style)$/i.test(element.tagName)) return []
  const attrs = Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]))
  return [{ name: element.tagName, attrs, children: [...element.childNodes].flatMap(read) }]
}
