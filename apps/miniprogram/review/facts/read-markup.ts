import type { Occurrence } from './read-script.ts'
import { positionAt } from './text-position.ts'

/** The facts of a WXML file that the rules use. */
export interface MarkupFacts {
  file: string
  tags: Occurrence[]
  openTypes: Occurrence[]
  inputTypes: Occurrence[]
}

/** Reads tags only. WeChat's compiler checks the syntax. */
export function readMarkup(file: string, text: string): MarkupFacts {
  const markup: MarkupFacts = { file, tags: [], openTypes: [], inputTypes: [] }
  const blank = (match: string) => match.replace(/[^\n]/g, ' ')
  // Without comments and wxs code. Blanks replace them, so that positions stay correct.
  const tagsOnly = text
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/(?<=<wxs[^>]*>)[\s\S]*?(?=<\/wxs>)/g, blank)
  for (const match of tagsOnly.matchAll(/<([a-z][\w-]*)((?:\s|[^\s"'<>]|"[^"]*"|'[^']*')*)>/g)) {
    const [, tag = '', attributes = ''] = match
    const occurrence = (name: string) => ({ name, file, ...positionAt(text, match.index) })
    markup.tags.push(occurrence(tag))
    const openType = attribute(attributes, 'open-type')
    if (openType) markup.openTypes.push(occurrence(openType))
    const type = attribute(attributes, 'type')
    if (type && tag !== 'button') markup.inputTypes.push(occurrence(type))
  }
  return markup
}

function attribute(attributes: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}=["']([^"']*)["']`).exec(attributes)?.[1]
}
