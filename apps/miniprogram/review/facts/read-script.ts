import { parseAst } from 'vite'
import { positionAt } from './text-position.ts'

export interface Occurrence {
  what: string
  file: string
  line: number
  column: number
}

/** What a script does, as far as its text tells. */
export interface ScriptFacts {
  /** Names used of `wx`, such as `getLocation`. */
  apis: Occurrence[]
  /** Addresses in literals: http, https, ws and wss. */
  addresses: Occurrence[]
  codeFromStrings: Occurrence[]
  /** Where it looks at `envVersion`. */
  environments: Occurrence[]
  /** Literals that name a scope, such as `scope.record`. */
  scopes: Occurrence[]
}

interface Node {
  type: string
  start: number
  [field: string]: unknown
}

/** @throws Error with the file's name where it is no JavaScript */
export function readScript(file: string, text: string): ScriptFacts {
  const facts: ScriptFacts = {
    apis: [],
    addresses: [],
    codeFromStrings: [],
    environments: [],
    scopes: [],
  }
  const see = (list: Occurrence[], what: string, node: Node) =>
    list.push({ what, file, ...positionAt(text, node.start) })
  walk(parse(file, text), (node) => {
    const api = apiOf(node)
    if (api) see(facts.apis, api, node)
    const literal = literalOf(node)
    if (literal !== null && /^(https?|wss?):\/\/[^/?#\s]/.test(literal))
      see(facts.addresses, literal, node)
    if (literal !== null && /^scope\.\w+$/.test(literal)) see(facts.scopes, literal, node)
    const maker = codeMaker(node)
    if (maker) see(facts.codeFromStrings, maker, node)
    if (nameOf(node) === 'envVersion') see(facts.environments, 'envVersion', node)
  })
  return facts
}

function parse(file: string, text: string): Node {
  try {
    return parseAst(text, { sourceType: 'script' }, file) as unknown as Node
  } catch (error) {
    throw new Error(`${file} is no JavaScript that can be read: ${String(error)}`)
  }
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit)
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof Object(value).type === 'string'
}

/** `wx.name`, also where `wx` is taken apart: `const { name } = wx`. */
function apiOf(node: Node): string | null {
  if (node.type === 'MemberExpression' && isName(node['object'], 'wx')) {
    return isNode(node['property']) ? textOf(node['property']) : null
  }
  return null
}

function codeMaker(node: Node): string | null {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null
  const { callee } = node
  const [first] = node['arguments'] as Node[]
  if (isName(callee, 'eval')) return 'eval'
  if (isName(callee, 'Function')) return 'new Function'
  const isTimer = isName(callee, 'setTimeout') || isName(callee, 'setInterval')
  return isTimer && first && literalOf(first) !== null ? 'a timer with code in a string' : null
}

/** The property a member expression or a pattern reads. */
function nameOf(node: Node): string | null {
  if (node.type === 'MemberExpression' && isNode(node['property'])) return textOf(node['property'])
  if (node.type === 'Property' && isNode(node['key'])) return textOf(node['key'])
  return null
}

function isName(node: unknown, name: string): boolean {
  return isNode(node) && node.type === 'Identifier' && node['name'] === name
}

function textOf(node: Node): string | null {
  return node.type === 'Identifier' ? String(node['name']) : literalOf(node)
}

function literalOf(node: Node): string | null {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value']
  if (node.type !== 'TemplateElement' && node.type !== 'TemplateLiteral') return null
  if (node.type === 'TemplateElement') return null
  const [first] = node['quasis'] as { value?: { cooked?: unknown } }[]
  return typeof first?.value?.cooked === 'string' ? first.value.cooked : null
}
