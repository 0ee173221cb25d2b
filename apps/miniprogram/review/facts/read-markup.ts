import type { Occurrence } from './read-script.ts'
import { positionAt } from './text-position.ts'

/** What a WXML file holds, as far as rules ask. */
export interface Markup {
  file: string
  tags: Occurrence[]
  openTypes: Occurrence[]
  inputTypes: Occurrence[]
}

/** Reads tags only; whether it is good WXML is for WeChat's own compiler to say. */
export function readMarkup(file: string, text: string): Markup {
  const markup: Markup = { file, tags: [], openTypes: [], inputTypes: [] }
  const blank = (found: string) => found.replace(/[^\n]/g, ' ')
  // Comments, and wxs modules that hold code; as long as before, so that places stay true.
  const bare = text
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/(?<=<wxs[^>]*>)[\s\S]*?(?=<\/wxs>)/g, blank)
  for (const match of bare.matchAll(/<([a-z][\w-]*)((?:\s|[^\s"'<>]|"[^"]*"|'[^']*')*)>/g)) {
    const [, tag = '', attributes = ''] = match
    const seen = (what: string) => ({ what, file, ...positionAt(text, match.index) })
    markup.tags.push(seen(tag))
    const openType = attribute(attributes, 'open-type')
    if (openType) markup.openTypes.push(seen(openType))
    const type = attribute(attributes, 'type')
    if (type && tag !== 'button') markup.inputTypes.push(seen(type))
  }
  return markup
}

function attribute(attributes: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}=["']([^"']*)["']`).exec(attributes)?.[1]
}
