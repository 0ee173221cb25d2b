import { parseArgs } from 'node:util'
import { maxOverlap } from '@mianmi/core/admin'
import { repeatedOption } from '../../process/repeated-option.ts'
import { CommandError } from './administrators.ts'

const hourMs = 3_600_000

/**
 * The flags of a command, each with a text. All of them are needed but `overlap`.
 *
 * @param usage is printed where one is missing, and for anything else
 * @throws CommandError
 */
export function readTexts(
  args: readonly string[],
  { names, usage }: { names: readonly string[]; usage: string },
): Readonly<Partial<Record<string, string>>> {
  const known = Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const))
  let values: Readonly<Record<string, string | boolean | undefined>>
  let repeated: string | null
  try {
    const parsed = parseArgs({ args: [...args], options: known, tokens: true })
    values = parsed.values
    repeated = repeatedOption(parsed.tokens)
  } catch {
    throw new CommandError(usage)
  }
  if (repeated !== null) throw new CommandError(`--${repeated} is given twice; ${usage}`)
  if (names.some((name) => name !== 'overlap' && !values[name])) throw new CommandError(usage)
  return values as Partial<Record<string, string>>
}

/**
 * The names in a list with commas between; none of a missing flag.
 *
 * @param noun what they are, for the refusal of an unknown one
 * @throws CommandError
 */
export function readNames<Name extends string>(
  text = '',
  { noun, known }: { noun: string; known: readonly Name[] },
): Name[] {
  const names = text === '' ? [] : text.split(',').map((name) => name.trim())
  const isKnown = (name: string): name is Name => known.some((each) => each === name)
  const unknown = names.filter((name) => !isKnown(name))
  if (unknown.length > 0)
    throw new CommandError(`no such ${noun}: ${unknown.join(', ')}; there are ${known.join(', ')}`)
  return names.filter(isKnown)
}

/** `--overlap` in ms: how long what is replaced goes on beside the new one. @throws CommandError */
export function readOverlap(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const hours = /^\d{1,4}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!(hours * hourMs <= maxOverlap))
    throw new CommandError(`--overlap is a number of hours, at most ${maxOverlap / hourMs}`)
  return hours * hourMs
}
