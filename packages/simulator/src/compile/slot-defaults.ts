/** The tag of the component that shows the default content of the slot before it; see components/slot-default.ts. */
const TAG = 'sim-slot-default'

const ATTRIBUTES = `(?:"[^"]*"|'[^']*'|[^"'>])*`
const TOKEN = new RegExp(
  [
    '<!--[\\s\\S]*?-->',
    `<wxs\\b(?:"[^"]*"|'[^']*'|[^"'>/])*(?:/>|>[\\s\\S]*?</wxs>)`,
    `<slot(?=[\\s/>])(?<attributes>${ATTRIBUTES})>`,
    '(?<end></slot\\s*>)',
  ].join('|'),
  'g',
)
const ATTRIBUTE = /([^\s=/]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'))?/g

/**
 * Moves the default content of slots in WXML behind them, because the template compiler refuses children of a slot.
 * Lines keep their numbers.
 */
export function moveSlotDefaults(wxml: string): string {
  /** What was written since the start tag of each open slot. */
  const open: { attributes: string; before: string }[] = []
  let written = ''
  let position = 0
  for (const token of wxml.matchAll(TOKEN)) {
    written += wxml.slice(position, token.index)
    position = token.index + token[0].length
    const { attributes, end } = token.groups ?? {}
    const slot = end === undefined ? undefined : open.pop()
    if (slot) written = slot.before + slotWith(slot.attributes, written)
    else if (attributes === undefined || attributes.endsWith('/')) written += token[0]
    else {
      open.push({ attributes, before: written })
      written = ''
    }
  }
  written += wxml.slice(position)
  // Open to the end: the compiler says so.
  return open.reduceRight(
    (text, { attributes, before }) => `${before}<slot${attributes}>${text}`,
    written,
  )
}

function slotWith(attributes: string, content: string): string {
  if (content.replaceAll(/<!--[\s\S]*?-->/g, '').trim() === '') {
    return `<slot${attributes}>${content}</slot>`
  }
  const all = [...attributes.matchAll(ATTRIBUTE)]
  const textOf = (isWanted: (name: string) => boolean): string =>
    all
      .filter(([, name = '']) => isWanted(name))
      .map(([text]) => ` ${text}`)
      .join('')
  const isControl = (name: string): boolean => name.startsWith('wx:')
  const slot = `<slot${textOf((name) => !isControl(name))}></slot>`
  const shown = `${slot}<${TAG}${textOf((name) => name === 'slot')}>${content}</${TAG}>`
  const control = textOf(isControl)
  return control ? `<block${control}>${shown}</block>` : shown
}
