const keywords = new Set(['by', 'and', 'or', 'unless', 'offset'])

export interface Selector {
  readonly label: string
  /** The values that are named without a pattern. */
  readonly values: readonly string[]
}

/** The names of the metrics of an expression: what is neither a function, a keyword, a label nor a number. */
export function metricsOf(expression: string): string[] {
  const bare = expression
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)/g, ' ')
    .replace(/\boffset \w+/g, '')
  const names = [...bare.matchAll(/(?<![\w.])([a-zA-Z_]\w*)\b(?!\s*\()/g)].map(
    ([, name = '']) => name,
  )
  return names.filter((name) => !keywords.has(name))
}

/** The labels by which an expression selects, and their values where they are no pattern. */
export function selectorsOf(expression: string): Selector[] {
  const all = [...expression.matchAll(/(\w+)(?:=~|!~|!=|=)"([^"]*)"/g)]
  return all.map(([, label = '', text = '']) => ({
    label,
    values: text.split('|').filter((value) => !/[.$*]/.test(value)),
  }))
}
