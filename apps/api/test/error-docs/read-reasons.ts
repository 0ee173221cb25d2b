import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What docs/errors.md says about a reason. */
export interface ReasonDoc {
  readonly meaning: string
  readonly when: string
  readonly client: string
}

/** The comment of each reason in `packages/core/src/failure.ts`, where the reasons are declared. */
export function readReasons(): Record<string, ReasonDoc> {
  const core = createRequire(import.meta.url).resolve('@mianmi/core')
  const source = readFileSync(join(dirname(core), 'failure.ts'), 'utf8')
  const [, list = ''] = /export const reasons = \[([\s\S]*?)\] as const/.exec(source) ?? []
  const documented = list.matchAll(/\/\*\*([\s\S]*?)\*\/\s*'(\w+)'/g)
  return Object.fromEntries([...documented].map(([, comment = '', name]) => [name, parse(comment)]))
}

function parse(comment: string): ReasonDoc {
  const text = comment.replaceAll(/\s*\n\s*\*\s*/g, ' ').trim()
  const [meaning = '', ...tags] = text.split(/ @(?=when |client )/)
  const tagged = (tag: string) => tags.find((each) => each.startsWith(tag))?.slice(tag.length) ?? ''
  return { meaning, when: tagged('when ').trim(), client: tagged('client ').trim() }
}
