import { parseAst } from 'vite'
import { positionAt } from './text-position.ts'

/** A name or literal, and its place in a file. Line and column start at 1. */
export interface Occurrence {
  name: string
  file: string
  line: number
  column: number
}

/** The facts of a script that the rules use. */
export interface ScriptFacts {
  /** Names of the APIs of `wx` that it uses, such as `getLocation`. */
  apis: Occurrence[]
  /** Literals that are addresses with http, https, ws or wss. */
  addresses: Occurrence[]
  /** `eval`, `new Function`, timers with a string. */
  codeFromStrings: Occurrence[]
  /** Reads of `envVersion`. */
  environments: Occurrence[]
  /** Literals that name a scope, such as `scope.record`. */
  scopes: Occurrence[]
}

interface SyntaxNode {
  type: string
  start: number
  [field: string]: unknown
}

/** @throws Error with the file's name when it is not valid JavaScript */
export function readScript(file: string, text: string): ScriptFacts {
  const facts: ScriptFacts = {
    apis: [],
    addresses: [],
    /** `eval`, `new Function`, timers with a string. */
    codeFromStrings: [],
    environments: [],
    scopes: [],
  }
  const add = (list: Occurrence[], name: string, node: SyntaxNode) =>
    list.push({ name, file, ...positionAt(text, node.start) })
  walk(parse(file, text), (node) => {
    const api = apiOf(node)
    if (api) add(facts.apis, api, node)
    const literal = literalOf(node)
    if (literal !== null && /^(https?|wss?):\/\/[^/?#\s]/.test(literal))
      add(facts.addresses, literal, node)
    if (literal !== null && /^scope\.\w+$/.test(literal)) add(facts.scopes, literal, node)
    const evaluator = evaluatorOf(node)
    if (evaluator) add(facts.codeFromStrings, evaluator, node)
    if (nameOf(node) === 'envVersion') add(facts.environments, 'envVersion', node)
  })
  return facts
}

function parse(file: string, text: string): SyntaxNode {
  try {
    return parseAst(text, { sourceType: 'script' }, file) as unknown as SyntaxNode
  } catch (error) {
    throw new Error(`${file} is not valid JavaScript: ${String(error)}`)
  }
}

function walk(node: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit)
    }
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof Object(value).type === 'string'
}

/** The name in `wx.name`. */
function apiOf(node: SyntaxNode): string | null {
  if (node.type === 'MemberExpression' && isName(node['object'], 'wx')) {
    return isNode(node['property']) ? textOf(node['property']) : null
  }
  return null
}

function evaluatorOf(node: SyntaxNode): string | null {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null
  const { callee } = node
  const [first] = node['arguments'] as SyntaxNode[]
  if (isName(callee, 'eval')) return 'eval'
  if (isName(callee, 'Function')) return 'new Function'
  const isTimer = isName(callee, 'setTimeout') || isName(callee, 'setInterval')
  return isTimer && first && literalOf(first) !== null ? 'a timer with code in a string' : null
}

/** The property that a member expression or a pattern reads. */
function nameOf(node: SyntaxNode): string | null {
  if (node.type === 'MemberExpression' && isNode(node['property'])) return textOf(node['property'])
  if (node.type === 'Property' && isNode(node['key'])) return textOf(node['key'])
  return null
}

function isName(node: unknown, name: string): boolean {
  return isNode(node) && node.type === 'Identifier' && node['name'] === name
}

function textOf(node: SyntaxNode): string | null {
  return node.type === 'Identifier' ? String(node['name']) : literalOf(node)
}

function literalOf(node: SyntaxNode): string | null {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value']
  if (node.type !== 'TemplateElement' && node.type !== 'TemplateLiteral') return null
  if (node.type === 'TemplateElement') return null
  const [first] = node['quasis'] as { value?: { cooked?: unknown } }[]
  return typeof first?.value?.cooked === 'string' ? first.value.cooked : null
}
